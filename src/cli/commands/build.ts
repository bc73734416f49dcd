/** `initgraph build`: the main job. */

import { BuildFailure } from "../../core/problem.ts";
import { machinePorts } from "../../machine/ports.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import type { SbomFormat } from "../../sbom/describe-image.ts";
import { command } from "../command.ts";
import { doneBefore, isMatrix, type Matrix, nameOfBuild } from "../done-before.ts";
import type { BuildOrder } from "../engine.ts";
import { parseJobs } from "../jobs.ts";
import { namedRecipes } from "../named-recipes.ts";
import { KERNEL, parseSettings, SET } from "../settings.ts";
import type { BuildSummary } from "../summary.ts";
import { safeText } from "../text/safe.ts";
import { builtJson, tellBuilt } from "../told-build.ts";

export const build = command({
  name: "build",
  summary: "build the image of a recipe, or of several",
  about:
    "Prints the path of each finished image; all else goes to standard error. " +
    "A build that fails leaves the earlier result as it was. Several recipes are built one after the other, and what " +
    "one has built the next takes over: each is told in a line, with what it shares. All are tried: where some fail, " +
    "the others are built, and the exit code is 1. Two that would make an image of one name are an error before anything is built. " +
    "A recipe with kernel.versions is several: one image for each kernel, <name>-<version>.",
  operands: [
    { name: "recipe", says: "recipes, or quoted patterns of them (default: ./initrd.yaml)", need: "any" },
  ],
  options: {
    out: { short: "o", takes: "DIR", says: "where the image goes (default: result)" },
    sysroot: { takes: "ROOT", says: "the root tree, in place of the recipe's: a directory or an archive" },
    compressor: { takes: "NAME", says: "the compressor, in place of the recipe's" },
    kernel: KERNEL,
    set: SET,
    jobs: { short: "j", takes: "N", says: "compress so many pieces at a time (default: one for each core)" },
    sbom: {
      takes: "FORMAT",
      completes: ["spdx", "cyclonedx"],
      repeats: true,
      says: "write what the image is made of beside it: spdx or cyclonedx (may be given for both)",
    },
    emit: {
      takes: "WHAT",
      completes: ["layers"],
      says: "layers: each of them also as an initrd of its own, with lines for boot loaders",
    },
    locked: { takes: null, says: "refuse what <recipe>.lock does not say (see `initgraph lock --help`)" },
    explain: { takes: null, says: "say of every layer and segment: reused, or rebuilt because of what" },
    cache: { takes: "DIR", says: "where finished pieces are kept (see `initgraph cache path --help`)" },
    "no-cache": { takes: null, says: "build everything anew and keep nothing" },
  },
  onFailure: "nothing was built",
  examples: [
    ["initgraph build", "build ./initrd.yaml into result/"],
    ["initgraph build board.yaml --sysroot /srv/arm64 --out out", "a recipe on another root tree"],
    ["initgraph build a.yaml b.yaml 'boards/*.yaml'", "several images, that share what is alike"],
    ["initgraph build board.yaml --set KERNEL=6.1.0-51-arm64", "with another value of a variable"],
    [
      "initgraph build --sbom spdx --sbom cyclonedx",
      "with result/<name>.spdx.json and result/<name>.cdx.json",
    ],
    ["initgraph build --compressor none --explain", "uncompressed, with a word on what was reused"],
  ],
  async run({ operands, options }, terminal) {
    const start = performance.now();
    const jobs = parseJobs(options.jobs);
    const { host } = machinePorts(jobs);
    const { recipes, areSeveral } = await namedRecipes(
      operands.length === 0 ? ["initrd.yaml"] : operands,
      host,
    );
    const orders = recipes.map((recipe) => ({
      recipe,
      out: options.out ?? "result",
      sysroot: options.sysroot,
      compressor: options.compressor,
      kernel: options.kernel,
      variables: parseSettings(options.set),
      cache: options["no-cache"] ? ("nowhere" as const) : { named: options.cache },
      jobs,
      wantsReasons: options.explain,
      lock: options.locked ? ("obey" as const) : ("compare" as const),
      sboms: parseFormats(options.sbom),
      emitsLayers: parseEmit(options.emit),
      tell: terminal.tell,
    }));
    if (areSeveral) {
      const { buildSeveral } = await import("../work/build-several.ts");
      return buildSeveral(orders, terminal);
    }
    const order = { ...orders[0]!, name: await nameOfBuild(orders[0]!) };
    const built = doneBefore(order, host) ?? (await buildAnew(order));
    if (isMatrix(built)) {
      const { buildSeveral } = await import("../work/build-several.ts");
      return buildSeveral(orders, terminal);
    }
    if (terminal.isJson) terminal.printJson({ ok: true, ...(await builtJson(built)) });
    else {
      const milliseconds = performance.now() - start;
      await tellBuilt(built, { milliseconds, wantsReasons: options.explain, shared: null }, terminal);
    }
    return 0;
  },
});

/** Where the recipe is for several kernels, as no earlier build has told: a matrix of which nothing else is known. */
async function buildAnew(order: BuildOrder): Promise<BuildSummary | Matrix> {
  const { runBuild } = await import("../engine.ts");
  try {
    return await runBuild(order);
  } catch (error) {
    const [problem] = error instanceof BuildFailure ? error.problems : [];
    if (problem?.code !== "kernel/several") throw error;
    return { name: "", kernels: [] };
  }
}

/** Throws WrongUsage. */
function parseEmit(text: string | null): boolean {
  if (text === null || text === "layers") return text !== null;
  throw new WrongUsage(`--emit ${safeText(text)}: only layers can be emitted`);
}

/** In an order of their own: what is given twice is given once. Throws WrongUsage. */
function parseFormats(words: readonly string[]): SbomFormat[] {
  const wrong = words.find((word) => !(FORMATS as readonly string[]).includes(word));
  if (wrong !== undefined)
    throw new WrongUsage(`--sbom is one of ${FORMATS.join(", ")}, not "${safeText(wrong)}"`);
  return FORMATS.filter((format) => words.includes(format));
}

/** Of no import from `sbom`: most builds load none of it. */
const FORMATS: readonly SbomFormat[] = ["spdx", "cyclonedx"];
