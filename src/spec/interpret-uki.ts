/** The key "uki": what goes into one file with the image for UEFI. */
import type { TargetPath } from "../core/path.ts";
import type { UkiFileSpec, UkiPartName, UkiPartSpec, UkiSpec } from "./image-spec.ts";
import type { Interpretation } from "./interpret.ts";
import { readFileName } from "./paths.ts";

type UkiMap = NonNullable<Interpretation["recipe"]["uki"]>;

const FILES = ["fdt", "splash", "pcrPublicKey", "microcode"] as const satisfies readonly UkiPartName[];
const TEXTS = ["osRelease", "cmdline"] as const satisfies readonly UkiPartName[];

export function interpretUki(context: Interpretation, store: TargetPath): UkiSpec | null {
  const { recipe, places } = context;
  const { uki } = recipe;
  if (uki === undefined) return null;
  const stub = fileAt(uki, "stub", "uki.stub", context, store);
  const kernel = fileAt(uki, "kernel", "uki.kernel", context, store);
  const parts = [
    ...TEXTS.flatMap((part) => textOf(part, uki, context, store)),
    ...FILES.flatMap((part) => {
      if (uki[part] === undefined) return [];
      const file = fileAt(uki, part, `uki.${part}`, context, store);
      return file === null ? [] : [{ part, content: file }];
    }),
  ];
  if (stub === null || kernel === null) return null;
  return { at: places.ofKey(recipe, "uki"), stub, kernel, uname: uki.uname ?? null, parts };
}

/** A command line is written in lines as it is read best; text that is empty is no section. */
function textOf(
  part: (typeof TEXTS)[number],
  uki: UkiMap,
  context: Interpretation,
  store: TargetPath,
): UkiPartSpec[] {
  const said = uki[part];
  if (said === undefined) return [];
  if (typeof said !== "string") {
    const file = fileAt(said, "source", `uki.${part}.source`, context, store);
    return file === null ? [] : [{ part, content: file }];
  }
  const text = part === "cmdline" ? oneLine(said) : said;
  return text === "" ? [] : [{ part, content: { text } }];
}

/** As ukify does it. */
export function oneLine(text: string): string {
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .join(" ");
}

function fileAt<Member extends string>(
  container: Readonly<Partial<Record<Member, unknown>>>,
  member: Member,
  key: string,
  { places, path }: Interpretation,
  store: TargetPath,
): UkiFileSpec | null {
  const text = container[member];
  if (typeof text !== "string") return null;
  const directory = places.directoryOf(container, member);
  const file = path(readFileName(text, { directory, store }), container, member, key);
  return file === null ? null : { at: places.ofValue(container, member), file };
}
