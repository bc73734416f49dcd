/** A recipe built by a process of its own, under other circumstances, from inputs that were moved where that is possible. */
import { chmodSync, chownSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { type ByteString, bytesOf, decodeUtf8, type HostPath, showBytes } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { BuildFailure } from "../../core/problem.ts";
import { runOwnProgram } from "../../host/own-program.ts";
import { processGroups } from "../../host/process-groups.ts";
import { systemError } from "../../host/system-error.ts";
import { type Circumstances, otherCircumstances } from "../../machine/circumstances.ts";
import { hostPathFrom } from "../../machine/files.ts";
import type { RecipeOrder } from "../../machine/recipe.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showSize } from "../text/size.ts";
import { type Moving, moveInputs } from "./moved-inputs.ts";

/** What is other than it was, and what is not, with the reason. */
export interface Alterations {
  readonly made: readonly string[];
  readonly notMade: readonly string[];
}

export interface PreparedBuild {
  readonly alterations: Alterations;
  /** Gives the directory that the image is in. Throws BuildFailure cli/second-build-failed. */
  run(): Promise<HostPath>;
}

const SEARCH_BY_ALL = 0o001;

/** Everything is made ready, and can be told, before it is run. */
export async function prepareSecondBuild(
  moving: Omit<Moving, "owner">,
  jobs: number,
  host: Host,
): Promise<PreparedBuild> {
  const scratch = decodeUtf8(moving.scratch)!; // made by us, below a directory whose name is text
  const home = `${scratch}/home`;
  mkdirSync(home);
  const notMade: string[] = [];
  const own = otherCircumstances({ jobs, home, user: false });
  const stranger = otherCircumstances({ jobs, home, user: true });
  const why = await whyNobodyElse(stranger, scratch);
  const owner = why === null ? stranger.user : null;
  const moved = await moveInputs({ ...moving, owner }, host);
  if (typeof moved === "string") {
    notMade.push(`the order of names, times, hard links and places of the inputs: ${moved}`);
  } else {
    for (const { path, why } of moved.unmoved) notMade.push(`the place of ${showBytes(path)}: ${why}`);
  }
  const isAllMoved = typeof moved !== "string" && moved.unmoved.length === 0;
  if (why !== null) notMade.push(`the user: ${why}`);
  else if (!isAllMoved) notMade.push("the user: others may not be allowed to read what stays in its place");
  const circumstances = why === null && isAllMoved ? stranger : own;
  const { user } = circumstances;
  if (user !== null) chownSync(home, user, user);
  const order = typeof moved === "string" ? originalOf(moving.order) : moved.order;
  const made = typeof moved === "string" ? [] : [sayCopy(moved.copy)];
  return {
    alterations: { made: [sayCircumstances(circumstances), ...made], notMade },
    run: () => runBuild(order, circumstances, scratch),
  };
}

async function runBuild(order: RecipeOrder, how: Circumstances, scratch: string): Promise<HostPath> {
  const home = `${scratch}/home`;
  const out = `${home}/second`;
  const args = [
    "build",
    order.recipe,
    ...["--out", out, "--cache", `${home}/kept`, "--jobs", String(how.jobs), "--quiet"],
    ...(order.sysroot === null ? [] : ["--sysroot", order.sysroot]),
    ...(order.compressor === null ? [] : ["--compressor", order.compressor]),
    ...(order.kernel === null ? [] : ["--kernel", order.kernel]),
    ...[...order.variables].flatMap(([name, value]) => ["--set", `${name}=${value}`]),
  ];
  const { exitCode, stderr } = await runSelf(args, how, home);
  if (exitCode === 0) return bytesOf(out) as ByteString as HostPath;
  throw new BuildFailure([{ code: "cli/second-build-failed", exitCode, said: stderr.trim() }]);
}

function runSelf(args: readonly string[], how: Circumstances, directory: string) {
  const { umask, user, environment } = how;
  const script = process.argv[1]!;
  return runOwnProgram({ script, args, directory, environment, umask, user }, processGroups());
}

/** Why we cannot be somebody else; null: we can, and may look into our own directory there. */
async function whyNobodyElse(how: Circumstances, scratch: string): Promise<string | null> {
  const { user } = how;
  if (process.getuid?.() !== 0 || user === null) return "only root can be somebody else";
  for (let at = dirname(realpathSync(scratch)); at !== "/"; at = dirname(at)) {
    if ((statSync(at).mode & SEARCH_BY_ALL) === 0) return `others may not look into ${at}`;
  }
  try {
    chownSync(scratch, 0, user);
    chmodSync(scratch, 0o710);
    const { exitCode } = await runSelf(["--version"], how, "/");
    return exitCode === 0 ? null : "others may not run this program where it is installed";
  } catch (error) {
    const said = systemError(error);
    if (said === null) throw error;
    return said.what;
  }
}

/** As it was typed, seen from anywhere. */
function originalOf(order: RecipeOrder): RecipeOrder {
  const absolute = (typed: string): string => decodeUtf8(hostPathFrom(typed)) ?? typed;
  const { recipe, sysroot } = order;
  return { ...order, recipe: absolute(recipe), sysroot: sysroot === null ? null : absolute(sysroot) };
}

function sayCircumstances({ umask, jobs, user, environment }: Circumstances): string {
  return [
    `umask ${umask.toString(8).padStart(4, "0")}`,
    `LC_ALL=${environment["LC_ALL"]}`,
    `TZ=${environment["TZ"]}`,
    showCount(jobs, "job"),
    ...(user === null ? [] : [`user ${user}`]),
    "another directory and home, an empty cache",
  ].join(", ");
}

function sayCopy({
  files,
  bytes,
  linked,
  parted,
}: {
  files: number;
  bytes: number;
  linked: number;
  parted: number;
}) {
  const copied = `${showCount(files, "input")} copied elsewhere (${showSize(bytes)})`;
  return safeText(
    `${copied}: names made in the opposite order, other times, ${linked} hard-linked with an equal one, ${parted} parted`,
  );
}
