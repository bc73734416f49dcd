/** `initgraph build`: the main job. */

import type { Warning } from "../../core/warning.ts";
import { unchangedBuild } from "../../machine/last-build.ts";
import { cachePlace } from "../../machine/place.ts";
import { machinePorts } from "../../machine/ports.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { command } from "../command.ts";
import type { BuildOrder, BuildSummary } from "../engine.ts";
import type { Said } from "../report/layout.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showSize, showTime } from "../text/size.ts";

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
    jobs: { short: "j", takes: "N", says: "compress so many pieces at a time (default: one for each core)" },
    explain: { takes: null, says: "say of every layer and segment: reused, or rebuilt because of what" },
    cache: { takes: "DIR", says: "where finished pieces are kept (see `initgraph cache path --help`)" },
    "no-cache": { takes: null, says: "build everything anew and keep nothing" },
  },
  onFailure: "nothing was built",
  examples: [
    ["initgraph build", "build ./initrd.yaml into result/"],
    ["initgraph build board.yaml --sysroot /srv/arm64 --out out", "a recipe on another root tree"],
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
      cache: options["no-cache"] ? ("nowhere" as const) : { named: options.cache },
      jobs,
      wantsReasons: options.explain,
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
    if (options.explain) terminal.note(built.explanation.map((line) => `${safeText(line)}\n`).join(""));
    const work = `${showCount(built.rebuilt, "piece")} built, ${built.reused} reused`;
    const size = `${showSize(built.size)}, ${showCount(built.entries, "entry", "entries")}`;
    terminal.note(`${safeText(built.name)}: ${size}; ${work}; ${time}\n`);
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

/** Most builds have nothing to warn of, and start faster without the pages. */
async function wordsOf(warnings: readonly Warning[]): Promise<Said[]> {
  const { sayWarnings } = await import("../report/warnings.ts");
  return sayWarnings(warnings);
}

/** Null: as many as there are cores. */
function parseJobs(text: string | null): number | null {
  if (text === null) return null;
  const jobs = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (jobs === 0) throw new WrongUsage(`--jobs must be a number from 1 to 9999, not "${safeText(text)}"`);
  return jobs;
}
