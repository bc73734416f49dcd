/** `initgraph build`: the main job. */

import type { Warning } from "../../core/warning.ts";
import { unchangedBuild } from "../../machine/last-build.ts";
import { cachePlace } from "../../machine/place.ts";
import { machinePorts } from "../../machine/ports.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import type { SbomFormat } from "../../sbom/describe-image.ts";
import { command } from "../command.ts";
import type { BuildOrder, BuildSummary } from "../engine.ts";
import { parseJobs } from "../jobs.ts";
import type { Said } from "../report/layout.ts";
import { parseSettings, SET } from "../settings.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showNumber, showSize, showTime } from "../text/size.ts";

export const build = command({
  name: "build",
  summary: "build the image of a recipe",
  about:
    "Prints the path of the finished image; all else goes to standard error. " +
    "A build that fails leaves the earlier result as it was.",
  operands: [{ name: "recipe", says: "the recipe (default: ./initrd.yaml)", need: "optional" }],
  options: {
    out: { short: "o", takes: "DIR", says: "where the image goes (default: result)" },
    sysroot: { takes: "ROOT", says: "the root tree, in place of the recipe's: a directory or an archive" },
    compressor: { takes: "NAME", says: "the compressor, in place of the recipe's" },
    set: SET,
    jobs: { short: "j", takes: "N", says: "compress so many pieces at a time (default: one for each core)" },
    sbom: {
      takes: "FORMAT",
      repeats: true,
      says: "write what the image is made of beside it: spdx or cyclonedx (may be given for both)",
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
    ["initgraph build board.yaml --set KERNEL=6.1.0-51-arm64", "with another value of a variable"],
    [
      "initgraph build --sbom spdx --sbom cyclonedx",
      "with result/<name>.spdx.json and result/<name>.cdx.json",
    ],
    ["initgraph build --compressor none --explain", "uncompressed, with a word on what was reused"],
  ],
  async run({ operands, options }, terminal) {
    const jobs = parseJobs(options.jobs);
    const start = performance.now();
    const request = {
      recipe: operands[0] ?? "initrd.yaml",
      out: options.out ?? "result",
      sysroot: options.sysroot,
      compressor: options.compressor,
      variables: parseSettings(options.set),
      cache: options["no-cache"] ? ("nowhere" as const) : { named: options.cache },
      jobs,
      wantsReasons: options.explain,
      lock: options.locked ? ("obey" as const) : ("compare" as const),
      sboms: parseFormats(options.sbom),
      tell: terminal.tell,
    };
    const built = await buildUnlessDone(request);
    const time = showTime(performance.now() - start);
    const warnings = built.warnings.length === 0 ? [] : await wordsOf(built.warnings);
    if (terminal.isJson) {
      const { warningsJson } = await import("../report/json.ts");
      terminal.printJson({ ok: true, ...built, warnings: warningsJson(warnings) });
      return 0;
    }
    if (warnings.length > 0) {
      const { layoutWarnings } = await import("../report/layout.ts");
      terminal.complain(layoutWarnings(warnings, terminal.page));
    }
    if (built.movedFromLock.length > 0) terminal.note(noteOfDrift(built));
    if (options.explain) terminal.note(built.explanation.map((line) => `${safeText(line)}\n`).join(""));
    if (built.sbom !== null) terminal.note(noteOfSbom(built.sbom));
    const work = `${showCount(built.rebuilt, "piece")} built, ${built.reused} reused`;
    const size = `${showSize(built.size)}, ${showCount(built.entries, "entry", "entries")}`;
    terminal.note(`${safeText(built.name)}: ${size}; ${work}; ${time}\n`);
    const digests = built.digest === null ? [] : [built.digest, ...Object.values(built.digests)];
    terminal.note(digests.map((digest) => `${digest}\n`).join(""));
    terminal.print(`${safeText(built.image)}\n`);
    return 0;
  },
});

/** Where nothing has changed since the last build, there is nothing to load and nothing to do but to say so. */
async function buildUnlessDone(request: Omit<BuildOrder, "name">): Promise<BuildSummary> {
  const { cache, wantsReasons } = request;
  const place = cache === "nowhere" ? null : await cachePlace(cache.named, request.recipe);
  const name = place === null ? null : { ...request, cache: place.directory };
  const done = name === null || wantsReasons ? null : unchangedBuild(name, machinePorts(request.jobs).host);
  if (done !== null) return done as BuildSummary;
  const { runBuild } = await import("../engine.ts");
  return runBuild({ ...request, name });
}

function noteOfDrift({ movedFromLock: [first = "", ...more], lock }: BuildSummary): string {
  const others = more.length === 0 ? "" : `, and ${showCount(more.length, "other input")},`;
  return `note: ${safeText(first)}${others} moved away from ${safeText(lock ?? "")}; \`initgraph lock\` writes it anew\n`;
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

function noteOfSbom({ packages, files, unmapped, changed }: NonNullable<BuildSummary["sbom"]>): string {
  const moved = changed === 0 ? "" : `, ${showNumber(changed)} not as the package brought it`;
  return `sbom: ${showCount(packages, "package")}, ${showCount(files, "file")}, ${showNumber(unmapped)} of no package${moved}\n`;
}

/** Most builds have nothing to warn of, and start faster without the pages. */
async function wordsOf(warnings: readonly Warning[]): Promise<Said[]> {
  const { sayWarnings } = await import("../report/warnings.ts");
  return sayWarnings(warnings);
}
