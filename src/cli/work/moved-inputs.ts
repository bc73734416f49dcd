/** The inputs of a build copied to another place and altered on the way, with the recipe that builds from there. */
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { bytesOf, decodeUtf8, type HostPath, hostPathOf, nameOf, showBytes } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { BuildFailure } from "../../core/problem.ts";
import { bytesToCopy, copyInputs, type InputCopy, roomIn } from "../../host/altered-copy.ts";
import { systemError } from "../../host/system-error.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { type InputTracker, realPathOf } from "../../machine/inputs.ts";
import { type RecipeOrder, readRecipe } from "../../machine/recipe.ts";
import { plannedEntries } from "../../plan/entries.ts";
import type { Plan } from "../../plan/plan.ts";
import { loadSpec } from "../../spec/load.ts";
import type { Spec } from "../../spec/spec.ts";
import { withoutReferences } from "../../spec/substitute.ts";
import { showSize } from "../text/size.ts";

export interface MovedInputs {
  readonly copy: InputCopy;
  /** A recipe there, and the sysroot. */
  readonly order: RecipeOrder;
  /** Inputs that are read where they are. */
  readonly unmoved: readonly UnmovedInput[];
}

export interface UnmovedInput {
  readonly path: HostPath;
  readonly why: string;
}

export interface Moving {
  readonly order: RecipeOrder;
  /** What the first build made of it. */
  readonly spec: Spec;
  readonly plan: Plan;
  readonly tracker: InputTracker;
  /** An empty directory of our own. */
  readonly scratch: HostPath;
  /** Whom the copies shall belong to; null: us. */
  readonly owner: number | null;
}

/** Room that the two images and their pieces need beside the copies, for each byte of these. */
const ROOM_FOR_IMAGES = 2;

/** Text: why they could not be. */
export async function moveInputs(moving: Moving, host: Host): Promise<MovedInputs | string> {
  const { scratch, tracker, owner } = moving;
  const wanted = bytesToCopy(tracker.inputs) * ROOM_FOR_IMAGES;
  const room = roomIn(scratch);
  if (wanted > room)
    return `${showBytes(scratch)} has room for ${showSize(room)}, not for ${showSize(wanted)}`;
  const into = `${scratch}/tree` as HostPath;
  mkdirSync(textOf(into));
  try {
    const makeNode = nodeMaker(devicesIn(moving), host);
    const secrets = moving.spec.secrets.map(({ source }) => source);
    const left = new Set(secrets.map(realPathOf));
    const copy = await copyInputs({ inputs: tracker.inputs, left, into, owner, makeNode });
    const [lacking] = copy.lacking;
    if (lacking !== undefined) return `${showBytes(lacking)} cannot be made here`;
    const order = movedOrder(moving, into, host);
    if (order === null) return "a path is no UTF-8";
    const spec = loadSpec(readRecipe(order, host));
    const places = [...hostPathsOf(spec), ...(isStoreUsed(moving.spec, tracker) ? [spec.store.root] : [])];
    const unmoved = places.filter((path) => !path.startsWith(`${scratch}/`));
    return {
      copy,
      order,
      unmoved: [
        ...unmoved.map((path) => ({ path, why: "the recipe names it there" })),
        ...secrets.map((path) => ({ path, why: "secrets are not copied" })),
      ],
    };
  } catch (error) {
    if (error instanceof BuildFailure) return `the recipe is no recipe there (${error.message})`;
    const said = systemError(error);
    if (said === null) throw error;
    return said.what; // no room, say: what was copied goes with the rest
  }
}

function movedOrder(
  { order, spec, tracker, scratch, owner }: Moving,
  into: HostPath,
  host: Host,
): RecipeOrder | null {
  const typed = hostPathFrom(order.recipe);
  const directory = realPathOf(hostPathFrom(dirname(order.recipe)));
  const recipe = decodeUtf8(`${into}${hostPathOf(directory, nameOf(typed) as never)}`);
  const sysroot = decodeUtf8(`${into}${realPathOf(spec.sysroot)}`);
  if (recipe === null || sysroot === null) return null;
  const moved = { ...order, recipe, sysroot };
  if (!isStoreUsed(spec, tracker)) return moved;
  const wanted = storeRootFor(spec, into);
  if (loadSpec(readRecipe(moved, host)).store.root === wanted) return moved;
  const store = decodeUtf8(wanted);
  if (store === null) return null;
  // The command line has no word for the store, but whoever includes a recipe has the last word.
  const included = `./${recipe.slice(textOf(scratch).length + 1)}`;
  const text = [`include: [${quoted(included)}]`, `storeRoot: ${quoted(store)}`, ""].join("\n");
  const wrapper = `${textOf(scratch)}/again.yaml`;
  writeFileSync(wrapper, text);
  chmodSync(wrapper, 0o640);
  if (owner !== null) chownSync(wrapper, owner, owner);
  return { ...moved, recipe: wrapper };
}

/** The machine's Nix knows its store where it is. */
function storeRootFor({ store }: Spec, into: HostPath): HostPath {
  return store.references.from === "nix" ? store.root : (`${into}${realPathOf(store.root)}` as HostPath);
}

function isStoreUsed({ store }: Spec, tracker: InputTracker): boolean {
  return tracker.inputs.has(realPathOf(store.root));
}

/** Every place of this machine that a recipe leads to. */
function hostPathsOf({ sysroot, store, prepend, layers, image }: Spec): HostPath[] {
  const { references } = store;
  return [
    sysroot,
    ...(references.from === "files" ? references.files : []),
    ...(references.from === "database" ? [references.database] : []),
    ...prepend.map(({ path }) => path),
    ...layers.flatMap(({ contents, files }) => [
      ...contents.flatMap(({ object }) => (object.in === "host" ? [object.path] : [])),
      ...files.flatMap(({ content }) => (content.kind === "source" ? [content.source] : [])),
    ]),
    ...(image.fit?.kernel ? [image.fit.kernel.path] : []),
    ...(image.fit?.fdts ?? []).map(({ path }) => path),
    ...ukiFilesOf(image).flatMap(({ file }) => (file.in === "host" ? [`/${file.path}` as HostPath] : [])),
  ];
}

function ukiFilesOf({ uki }: Spec["image"]) {
  if (uki === null) return [];
  const { stub, kernel, parts } = uki;
  return [stub, kernel, ...parts.flatMap(({ content }) => ("file" in content ? [content] : []))];
}

/** Devices of the image that no recipe makes: they come from a tree. As mknod(1) takes them: "c 1 3". */
function devicesIn({ plan, spec }: Moving): ReadonlySet<string> {
  const said = new Set(spec.layers.flatMap(({ files }) => files.map(({ target }) => target)));
  return new Set(
    [...plannedEntries(plan)].flatMap(({ entry }) =>
      (entry.kind === "char" || entry.kind === "block") && !said.has(entry.path)
        ? [`${entry.kind === "char" ? "c" : "b"} ${entry.major} ${entry.minor}`]
        : [],
    ),
  );
}

/** Only root makes devices. One that is in no image was seen at the end of a symlink: a fifo is as much there. */
function nodeMaker(devices: ReadonlySet<string>, host: Host) {
  const mknod = async (path: HostPath, args: readonly string[]): Promise<boolean> => {
    const program = host.findProgram("mknod");
    const name = decodeUtf8(path);
    if (program === null || name === null) return false;
    const run = { program, args: [name, ...args], input: { bytes: new Uint8Array(0) }, output: null };
    return (await host.runProgram(run)).exitCode === 0;
  };
  return async (path: HostPath, args: readonly string[]): Promise<boolean> => {
    if (args.length === 0) return false;
    return (await mknod(path, args)) || (!devices.has(args.join(" ")) && (await mknod(path, ["p"])));
  };
}

function quoted(text: string): string {
  return JSON.stringify(withoutReferences(text));
}

/** Of a directory of our own, whose name is text. */
function textOf(path: HostPath): string {
  return decodeUtf8(path) ?? showBytes(bytesOf(path));
}
