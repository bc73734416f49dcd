/** The picture on the page: drawn as SVG, moved and zoomed by mouse, touch and keys. */
import type { Layout, Placed } from "../../draw/layout.ts";
import { TEXT } from "../../draw/layout.ts";
import type { Box } from "../../draw/picture.ts";
import { wayOf } from "../../draw/svg-way.ts";
import { looksOf, tellReasons } from "../../draw/write-svg.ts";
import { makeSvg } from "../shared/elements.ts";

export interface CanvasActions {
  readonly choose: (box: Box) => void;
  readonly open: (box: Box) => void;
  readonly close: (frame: string) => void;
}

const STEP = 60;
const [LEAST, GREATEST] = [0.05, 4];

export class Canvas {
  readonly #place: HTMLElement;
  readonly #actions: CanvasActions;
  readonly #svg = makeSvg("svg", {
    role: "group",
    tabindex: 0,
    "aria-label": "The graph: arrow keys move it, plus and minus zoom, Tab goes from box to box",
  });
  readonly #all = makeSvg("g", {});
  #layout: Layout | null = null;
  #scale = 1;
  #x = 0;
  #y = 0;

  constructor(place: HTMLElement, actions: CanvasActions) {
    this.#place = place;
    this.#actions = actions;
    const tip = makeSvg("path", { class: "tip", d: "M0 0.8 7.4 4 0 7.2Z" });
    const marker = makeSvg(
      "marker",
      { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
      tip,
    );
    this.#svg.append(makeSvg("defs", {}, marker), this.#all);
    place.append(this.#svg);
    this.#listen();
  }

  show(layout: Layout, canOpen: (box: Box) => boolean): void {
    this.#layout = layout;
    this.#all.replaceChildren(
      ...layout.frames.map(({ of, x, y, width, height }) => {
        const rect = makeSvg("rect", { x, y, width, height, rx: 8 });
        const title = makeSvg("text", { x: x + 8, y: y - 4 }, `− ${of.title}`);
        const frame = makeSvg(
          "g",
          { class: "frame", tabindex: 0, role: "button", "aria-label": `Fold ${of.title}` },
          rect,
          title,
        );
        onPress(title, frame, () => this.#actions.close(of.id));
        return frame;
      }),
      ...layout.arrows.map(({ of, points }) =>
        makeSvg(
          "path",
          { class: `arrow ${looksOf(of)}`, d: wayOf(points), "marker-end": "url(#tip)" },
          makeSvg("title", {}, tellReasons(of)),
        ),
      ),
      ...layout.boxes.map((box) => this.#drawBox(box, canOpen(box.of))),
      ...layout.headings.map(({ text, x, y }) => makeSvg("text", { class: "heading", x, y }, text)),
    );
  }

  /** Null: none. */
  mark(id: string | null): void {
    for (const box of this.#all.querySelectorAll(".box")) {
      box.classList.toggle("focus", box.id === id);
      box.setAttribute("aria-pressed", String(box.id === id));
    }
  }

  reveal(id: string, way: "look" | "focus" = "look"): void {
    const box = this.#layout?.boxes.find(({ of }) => of.id === id);
    if (box === undefined) return;
    this.#scale = Math.max(this.#scale, 0.7);
    const { width, height } = this.#place.getBoundingClientRect();
    this.#x = width / 2 - (box.x + box.width / 2) * this.#scale;
    this.#y = height / 2 - (box.y + box.height / 2) * this.#scale;
    this.#move();
    if (way === "focus") this.#all.querySelector<SVGElement>(`#${id}`)?.focus({ preventScroll: true });
  }

  fit(): void {
    if (this.#layout === null) return;
    const { width, height } = this.#place.getBoundingClientRect();
    const scale = Math.min(width / this.#layout.width, height / this.#layout.height, 1);
    this.#scale = Math.max(scale, LEAST);
    this.#x = Math.max(0, (width - this.#layout.width * this.#scale) / 2);
    this.#y = 0;
    this.#move();
  }

  /** `at`: a point of the place that stays where it is; else its middle. */
  zoom(factor: number, at?: { readonly x: number; readonly y: number }): void {
    const { width, height } = this.#place.getBoundingClientRect();
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    const scale = Math.min(Math.max(this.#scale * factor, LEAST), GREATEST);
    this.#x = x - ((x - this.#x) * scale) / this.#scale;
    this.#y = y - ((y - this.#y) * scale) / this.#scale;
    this.#scale = scale;
    this.#move();
  }

  #drawBox({ of, x, y, width, height }: Placed<Box>, canOpen: boolean): SVGElement {
    const texts = of.texts.map((text, at) =>
      makeSvg(
        "text",
        {
          class: at === 0 ? "name" : "more",
          x: x + TEXT.padding,
          y: y + TEXT.padding / 2 + (at + 0.75) * TEXT.line,
        },
        text,
      ),
    );
    const counts = [
      ...(of.named > 0 ? [`${of.named} boxes refer to it`] : []),
      ...(of.naming > 0 ? [`it refers to ${of.naming} boxes`] : []),
    ];
    const label = [...of.texts, ...counts, ...(canOpen ? ["press O to unfold"] : [])].join(", ");
    const badges = [
      ...(canOpen ? [badge("+", x, y)] : []),
      ...(of.named > 0 ? [badge(`→ ${of.named}`, x + width, y)] : []),
      ...(of.naming > 0 ? [badge(`${of.naming} →`, x + width, y + height)] : []),
    ].flat();
    const box = makeSvg(
      "g",
      { class: `box ${of.kind}`, id: of.id, tabindex: 0, role: "button", "aria-label": label },
      makeSvg("title", {}, [...of.texts, ...counts].join("\n")),
      makeSvg("rect", { x, y, width, height, rx: 4 }),
      ...texts,
      ...badges,
    );
    onPress(box, box, () => this.#actions.choose(of));
    box.addEventListener("dblclick", () => this.#actions.open(of));
    box.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "o") this.#actions.open(of);
    });
    badges[0]?.addEventListener("click", (event) => {
      if (!canOpen) return;
      event.stopPropagation();
      this.#actions.open(of);
    });
    return box;
  }

  #move(): void {
    this.#all.setAttribute("transform", `translate(${this.#x} ${this.#y}) scale(${this.#scale})`);
  }

  #listen(): void {
    const svg = this.#svg;
    svg.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const { left, top } = this.#place.getBoundingClientRect();
        this.zoom(event.deltaY < 0 ? 1.12 : 1 / 1.12, { x: event.clientX - left, y: event.clientY - top });
      },
      { passive: false },
    );
    svg.addEventListener("pointermove", (event) => {
      if ((event.buttons & 1) === 0) return;
      this.#x += event.movementX;
      this.#y += event.movementY;
      this.#move();
    });
    svg.addEventListener("keydown", (event) => {
      const [x = 0, y = 0] = KEYS[event.key] ?? [];
      if (event.key === "+" || event.key === "=") this.zoom(1.25);
      else if (event.key === "-") this.zoom(0.8);
      else if (event.key === "0") this.fit();
      else if (x === 0 && y === 0) return;
      event.preventDefault();
      this.#x += x;
      this.#y += y;
      this.#move();
    });
    // A box that gets the keyboard's focus comes into sight.
    this.#all.addEventListener("focusin", ({ target }) => {
      if (!(target instanceof SVGElement) || !target.matches(":focus-visible")) return;
      const [box, place] = [target.getBoundingClientRect(), this.#place.getBoundingClientRect()];
      const isSeen =
        box.left >= place.left &&
        box.right <= place.right &&
        box.top >= place.top &&
        box.bottom <= place.bottom;
      if (!isSeen) this.reveal(target.id);
    });
  }
}

const KEYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

function badge(text: string, middle: number, y: number): [SVGElement, SVGElement] {
  const width = 10 + 7 * text.length;
  return [
    makeSvg("rect", { class: "badge", x: middle - width / 2, y: y - 8, width, height: 16, rx: 8 }),
    makeSvg("text", { class: "count", x: middle, y: y + 4 }, text),
  ];
}

function onPress(clicked: SVGElement, focused: SVGElement, act: () => void): void {
  clicked.addEventListener("click", act);
  focused.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  });
}
