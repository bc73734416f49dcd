/**
 * `npm run screenshots`: the pictures of docs/pictures, of real runs on the lab's trees (INITGRAPH_LAB), by headless Chromium.
 * A run's colours are those of its escape sequences; its page is as wide as a terminal of 100 columns.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { MAIN } from "../cli/run-cli.ts";
import { labTree } from "../support/tools.ts";
import { terminalPage } from "./terminal-page.ts";

const PICTURES = resolve("docs/pictures");
/** Bytes. A page with pictures is read on slow lines too. */
const MOST = 200_000;
const LINE_HEIGHT = 19;

const BOARD = `name: board
sysroot: ./arm64
arch: aarch64
contents:
  - { object: /bin/busybox, symlink: /init }
  - object: /usr/bin/kmod
kernel:
  modules: [virtio-net, xfs]
compressor: zstd
`;

const directory = mkdtempSync(join(tmpdir(), "initgraph-pictures-"));
try {
  prepare();
  shootRun("error", "initgraph build board.yaml");
  write("board.yaml", BOARD);
  shootRun("build", "initgraph build board.yaml && initgraph plan board.yaml");
  shootRun("why", "initgraph why virtio_net libc.so.6 --in board.yaml");
  shootRun("ls", "initgraph ls -l result/board | head -n 18");
  run("initgraph graph board.yaml --format svg > graph.svg");
  shoot("graph", join(directory, "graph.svg"), { width: 1400, height: 560 });
  run("initgraph size board.yaml --html size.html");
  shoot("size", join(directory, "size.html"), { width: 1280, height: 860 });
  write("new.yaml", BOARD.replace("xfs]", "btrfs]").replace("  - object: /usr/bin/kmod\n", ""));
  shootRun("diff", "initgraph diff board.yaml new.yaml | head -n 24");
  run("initgraph diff board.yaml new.yaml --html diff.html");
  shoot("diff-page", join(directory, "diff.html"), { width: 1280, height: 700 });
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** Where all of it happens, with a recipe that has two slips. */
function prepare(): void {
  symlinkSync(MAIN, join(directory, "initgraph"));
  symlinkSync(labTree("sysroot-arm64-modules"), join(directory, "arm64"));
  write("board.yaml", BOARD.replace("/kmod", "/kmodd"));
}

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text);
}

function run(command: string): string {
  const env = {
    PATH: `${directory}:${process.env["PATH"]}`,
    HOME: directory,
    INITGRAPH_CACHE: join(directory, "cache"),
    FORCE_COLOR: "1",
  };
  return spawnSync("bash", ["-c", `(${command}) 2>&1`], { cwd: directory, env, encoding: "utf8" }).stdout;
}

function shootRun(name: string, command: string): void {
  const said = run(command).replaceAll(directory, "~");
  const text = `$ ${command}\n${said}`;
  const file = join(directory, `${name}.html`);
  writeFileSync(file, terminalPage(text));
  shoot(name, file, { width: 900, height: text.trimEnd().split("\n").length * LINE_HEIGHT + 40 });
}

function shoot(
  name: string,
  file: string,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  const picture = join(PICTURES, `${name}.png`);
  const words = [
    "--headless",
    "--no-sandbox",
    "--hide-scrollbars",
    `--window-size=${width},${height}`,
    `--screenshot=${picture}`,
  ];
  const chromium = spawnSync("chromium", [...words, `file://${file}`], {
    encoding: "utf8",
    env: { ...process.env, HOME: directory },
  });
  if (chromium.status !== 0) throw new Error(`chromium: ${chromium.stderr || chromium.error?.message}`);
  const { size } = statSync(picture);
  if (size > MOST) throw new Error(`${picture} has ${size} bytes`);
  if (readFileSync(picture).subarray(1, 4).toString() !== "PNG") throw new Error(`${picture} is no picture`);
  console.log(`${picture}: ${size} bytes`);
}
