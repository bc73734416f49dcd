/** Checks an image, and tells what was found. */
import { checkImage } from "../../check/check-image.ts";
import { type Finding, levelOf } from "../../check/finding.ts";
import type { ImageView } from "../../check/image-view.ts";
import { readKernelFile } from "../../check/kernel/read-kernel-file.ts";
import type { Level } from "../../check/level.ts";
import { type ByteString, bytesOf, type HostPath } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { imageHost } from "../../machine/image-host.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { PathResolver } from "../../trees/resolve-path.ts";
import type { ExitCode } from "../command.ts";
import type { CheckOptions } from "../commands/check.ts";
import { sayFinding } from "../report/findings.ts";
import { problemJson } from "../report/json.ts";
import { layoutFinding, type Page } from "../report/layout.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showSize } from "../text/size.ts";
import { readBoard } from "./board-addresses.ts";
import { prepareToRead } from "./images.ts";

export interface CheckRequest {
  readonly image: string;
  readonly options: CheckOptions;
}

export async function runCheck({ image, options }: CheckRequest, terminal: Terminal): Promise<ExitCode> {
  const path = hostPathFrom(image);
  const ports = { host: imageHost() };
  const board = options.uboot === null ? null : readBoard(options.uboot);
  const rdinit = readRdinit(options.rdinit ?? "/init");
  prepareToRead(path, ports.host);
  const kernel = options.kernel === null ? null : await readKernelFile(hostPathFrom(options.kernel), ports);
  const order = { image: path, mode: modeOf(path, ports.host), rdinit, kernel, board };
  const { findings, view } = await checkImage(order, ports);
  const isGood = !findings.some((finding) => levelOf(finding) === "fault");
  if (terminal.isJson) terminal.printJson(reportJson(isGood, findings, view));
  else terminal.print(layoutReport(findings, view, terminal.page));
  return isGood ? 0 : 1;
}

/** Throws WrongUsage. */
function readRdinit(text: string): ByteString {
  if (text.startsWith("/")) return bytesOf(text);
  throw new WrongUsage(`--rdinit must be an absolute path in the image, not "${safeText(text)}"`);
}

/** Of the file that a path leads to. */
function modeOf(path: HostPath, host: Pick<Host, "tree">): number | null {
  return new PathResolver(host.tree("/" as HostPath)).resolve(path).facts?.mode ?? null;
}

function layoutReport(findings: readonly Finding[], view: ImageView, page: Page): string {
  const blocks = findings.map((finding) =>
    layoutFinding({ code: finding.code, words: sayFinding(finding) }, levelOf(finding), page).join("\n"),
  );
  return `${[...blocks, `${showCounts(findings)}; ${showTree(view)}`].join("\n\n")}\n`;
}

const LEVELS: readonly (readonly [level: Level, one: string, many: string])[] = [
  ["fault", "fault", "faults"],
  ["warning", "warning", "warnings"],
  ["unproven", "thing unproven", "things unproven"],
];

function showCounts(findings: readonly Finding[]): string {
  const counts = LEVELS.map(([level, one, many]) => {
    const count = findings.filter((finding) => levelOf(finding) === level).length;
    return count === 0 ? null : showCount(count, one, many);
  });
  return counts.filter((text) => text !== null).join(", ") || "nothing found against it";
}

function showTree({ members, tree }: ImageView): string {
  const bytes = members.reduce((sum, { unpackedSize }) => sum + unpackedSize, 0);
  const unpacked = `${showCount(members.length, "member unpacks", "members unpack")} to ${showSize(bytes)}`;
  return `${unpacked}, ${showCount(tree.size, "path")}`;
}

function reportJson(ok: boolean, findings: readonly Finding[], view: ImageView): object {
  const { wrapper, members, stoppedAt, tree } = view;
  return {
    ok,
    findings: findings.map((finding) => {
      const { code, ...facts } = finding;
      const words = problemJson({ code, words: sayFinding(finding) });
      return { level: levelOf(finding), ...words, facts };
    }),
    image: { wrapper, members, stoppedAt, paths: tree.size },
  };
}
