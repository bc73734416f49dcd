/**
 * What is in a secret is in the image and nowhere else: not in the cache, the lock, the manifest, what is printed, or a
 * file that somebody else could read, be it for a moment.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { listImage } from "../../src/library.ts";
import { runCli } from "../cli/run-cli.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireAll, requireTool } from "../support/tools.ts";

/** Not to be found by chance, and so that each third of it is in each of its base64 forms. */
const SECRET = "PrivateKey = 4f1nTh3k3yTh4tN0b0dyM4yS33/xQ9w=";
const LATER = "PrivateKey = aN0th3rK3yTh4tIsN3w3r/77Zq=";

interface Place {
  readonly directory: string;
  /** All that was printed. */
  printed: string;
  run(...words: readonly string[]): Promise<number | null>;
}

function makePlace(t: TestContext, more = ""): Place {
  const directory = scratchDirectory(t);
  mkdirSync(join(directory, "root/etc"), { recursive: true });
  mkdirSync(join(directory, "tmp"));
  writeFileSync(join(directory, "root/etc/motd"), "hello\n");
  writeSecret(directory, SECRET);
  writeFileSync(join(directory, "initrd.yaml"), recipe(more));
  const place: Place = {
    directory,
    printed: "",
    async run(...words) {
      const env = { TMPDIR: join(directory, "tmp"), INITGRAPH_CACHE: join(directory, "cache") };
      const { code, stdout, stderr } = await runCli(words, { cwd: directory, env });
      place.printed += stdout + stderr;
      return code;
    },
  };
  return place;
}

function recipe(more: string): string {
  const contents = "sysroot: ./root\ncontents: [{ object: /etc }]\n";
  return `${contents}secrets: { /etc/wireguard/wg0.conf: ./wg0.conf }\n${more}`;
}

function writeSecret(directory: string, text: string): void {
  writeFileSync(join(directory, "wg0.conf"), text, { mode: 0o600 });
}

/** As it is, as people write bytes down, and its digests, of which a short one could be guessed. */
function tracesOf(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].map((by) => bytes.subarray(by, by + 3 * Math.floor((bytes.length - by) / 3)));
  const digests = ["sha1", "sha256", "sha512", "md5"].flatMap((name) => {
    const digest = createHash(name).update(bytes).digest();
    return [digest, digest.toString("hex"), digest.toString("base64").replace(/=+$/, "")];
  });
  const forms = [bytes, bytes.subarray(0, 20), bytes.subarray(-20), bytes.toString("hex"), ...digests];
  return [...forms, ...shifted.map((part) => part.toString("base64"))].map((form) => Buffer.from(form));
}

/** Files of the image, which alone may hold it. */
const IMAGES = /^(wg0\.conf|wg1\.conf|result\/initrd\.(zst|gz|xz|lzo|cpio|img|itb))$/;

function assertNowhere({ directory, printed }: Place, ...texts: readonly string[]): void {
  const traces = texts.flatMap(tracesOf);
  const seen: string[] = [];
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    const path = join(directory, name);
    if (!lstatSync(path).isFile() || IMAGES.test(name)) continue;
    seen.push(name);
    const bytes = readFileSync(path);
    for (const trace of traces)
      assert.ok(!bytes.includes(trace), `${name} holds ${trace.toString("latin1")}`);
  }
  for (const trace of traces) assert.ok(!printed.includes(trace.toString("latin1")), printed);
  assert.ok(seen.some((name) => name.startsWith("cache/")) && seen.includes("result/initrd.manifest.json"));
}

function assertPrivate({ directory }: Place): void {
  for (const name of readdirSync(join(directory, "result"))) {
    const facts = lstatSync(join(directory, "result", name));
    if (!facts.isSymbolicLink()) assert.equal(facts.mode & 0o777, 0o600, name);
  }
}

const KINDS: readonly (readonly [compressor: string, tools: readonly string[], more?: string])[] = [
  ["zstd", [], "makeUInitrd: true\nuInitrdArch: arm64\ndigests: [sha384]\n"],
  ["gzip", [], "fit: true\nuInitrdArch: arm64\n"],
  ["none", []],
  ["xz", ["xz"]],
  ["lzop", ["lzop"]],
];

for (const [compressor, tools, more = ""] of KINDS) {
  const name = `a secret is in the ${compressor} image alone${more && `, with ${more.split(":")[0]}`}`;
  test(name, requireAll(requireTool(...tools)), async (t) => {
    const place = makePlace(t, `compressor: ${compressor}\n${more}`);
    assert.equal(await place.run("lock"), 0, place.printed);
    assert.equal(
      await place.run("build", "--explain", "--sbom", "spdx", "--sbom", "cyclonedx"),
      0,
      place.printed,
    );
    assertNowhere(place, SECRET);
    assertNoDigestOfAll(place);

    writeSecret(place.directory, LATER);
    assert.equal(await place.run("build", "--locked", "--json"), 0, "a lock says nothing of secrets");
    assertNowhere(place, SECRET, LATER);
    assertNoDigestOfAll(place);
    assertPrivate(place);
    const { entries } = await listImage(join(place.directory, "result/initrd"));
    const [secret] = entries.filter(({ name }) => name === "etc/wireguard/wg0.conf");
    assert.deepEqual([secret?.mode, secret?.size], [0o100400, LATER.length]);
  });
}

test("of a layer's own file that holds the secrets neither size nor digest is told", async (t) => {
  const place = makePlace(t, "layers: [{ name: base, files: { /base: base } }]\n");
  assert.equal(await place.run("build", "--emit", "layers", "--json"), 0, place.printed);
  const path = join(place.directory, "result/initrd.manifest.json");
  const { emitted } = JSON.parse(readFileSync(path, "utf8"));
  const last = emitted.at(-1);
  assert.deepEqual([emitted.length, Object.keys(last)], [2, ["layer", "file"]]);
  const bytes = readFileSync(join(place.directory, "result", last.file));
  assert.equal(
    (await listImage(join(place.directory, "result", last.file))).entries.at(-1)?.size,
    SECRET.length,
  );
  const digest = createHash("sha256").update(bytes).digest("hex");
  assert.ok(!readFileSync(path, "utf8").includes(digest) && !place.printed.includes(digest));
  assertPrivate(place);
});

/** It covers the secret, and a short one could be guessed. */
function assertNoDigestOfAll({ directory, printed }: Place): void {
  const files = ["initrd.yaml.lock"];
  const documents = readdirSync(join(directory, "result")).filter((name) => name.endsWith(".json"));
  const paths = [...files, ...documents.map((name) => `result/${name}`)];
  const told = [printed, ...paths.map((path) => readFileSync(join(directory, path), "utf8"))];
  for (const name of readdirSync(join(directory, "result"))) {
    if (!IMAGES.test(`result/${name}`)) continue;
    const bytes = readFileSync(join(directory, "result", name));
    for (const algorithm of ["sha256", "sha384"]) {
      const digest = createHash(algorithm).update(bytes).digest("hex");
      for (const text of told) assert.ok(!text.includes(digest), text);
    }
  }
}

/** What stands in for gzip: it does `when` as soon as it is given the secret. */
function writeCompressor({ directory }: Place, when: string): void {
  const script = `#!${process.execPath}
const { readFileSync, readdirSync, statSync, writeFileSync } = require("node:fs");
const input = readFileSync(0);
const wanted = [...${JSON.stringify([...SECRET].reverse().join(""))}].reverse().join("");
if (input.includes(wanted)) { ${when} }
process.stdout.write(require("node:zlib").gzipSync(input));
`;
  writeFileSync(join(directory, "squeeze"), script, { mode: 0o755 });
  const more = "compressor: ./squeeze\nextension: .gz\n";
  writeFileSync(join(directory, "initrd.yaml"), recipe(more));
}

test("its compressor gets it by a pipe, while the image is nobody else's to read", async (t) => {
  const place = makePlace(t);
  const { directory } = place;
  writeCompressor(
    place,
    `const out = ${JSON.stringify(join(directory, "result"))};
    const modes = readdirSync(out).map((name) => (statSync(out + "/" + name).mode & 0o777).toString(8));
    const { readlinkSync } = require("node:fs");
    writeFileSync(${JSON.stringify(join(directory, "seen"))}, JSON.stringify([modes, readlinkSync("/proc/self/fd/0")]));`,
  );
  assert.equal(await place.run("build"), 0, place.printed);
  const [modes, input] = JSON.parse(readFileSync(join(directory, "seen"), "utf8"));
  assert.deepEqual(modes, ["600"]);
  assert.match(input, /^(pipe|socket):/);
  assertNowhere(place, SECRET);
});

test("kill -9 with the secret in hand leaves it nowhere", async (t) => {
  const place = makePlace(t);
  writeCompressor(place, 'process.kill(process.ppid, "SIGKILL"); process.exit(1);');
  copyFileSync(join(place.directory, "wg0.conf"), join(place.directory, "wg1.conf"));
  writeSecret(place.directory, "of no weight");
  assert.equal(await place.run("build"), 0, place.printed);
  writeSecret(place.directory, SECRET);
  assert.equal(await place.run("build"), 137);
  const left = readdirSync(join(place.directory, "result")).filter((name) => name.endsWith(".tmp"));
  assert.equal(left.length, 1);
  assert.equal(statSync(join(place.directory, "result", left[0]!)).mode & 0o777, 0o600);
  assertNowhere(place, SECRET);
});

test("what a compressor says when it fails is not told: it has seen the secret", async (t) => {
  const place = makePlace(t);
  writeCompressor(place, "process.stderr.write(input); process.exit(3);");
  assert.equal(await place.run("build", "--json"), 1);
  assert.match(place.printed, /squeeze ended with exit code 3/);
  for (const trace of tracesOf(SECRET)) assert.ok(!place.printed.includes(trace.toString("latin1")));
  assert.ok(!existsSync(join(place.directory, "result/initrd")));
});

test("a secret that its compressor spoils is not told either", async (t) => {
  const place = makePlace(t);
  writeCompressor(place, "process.stdout.write(input); process.exit(0);");
  assert.equal(await place.run("build"), 1);
  assert.match(place.printed, /the kernel could not unpack what squeeze makes/);
  assert.ok(!place.printed.includes(SECRET.slice(0, 4)));
});

test("a secret whose mode changes under the build is not taken", async (t) => {
  const place = makePlace(t);
  const { directory } = place;
  // The compressor's first work is a trailer, before files are read, and behind the look at the secret.
  const script = readFileSync(join(directory, "initrd.yaml"), "utf8");
  writeFileSync(join(directory, "initrd.yaml"), `${script}compressor: ./squeeze\nextension: .gz\n`);
  const chmod = `require("node:fs").chmodSync(${JSON.stringify(join(directory, "wg0.conf"))}, 0o644);`;
  const text = `#!${process.execPath}
const input = require("node:fs").readFileSync(0);
if (input.includes("etc/motd")) ${chmod}
process.stdout.write(require("node:zlib").gzipSync(input));
`;
  writeFileSync(join(directory, "squeeze"), text, { mode: 0o755 });
  assert.equal(await place.run("build"), 1);
  assert.match(place.printed, /wg0\.conf/);
  assert.match(place.printed, /host\/file-changed/);
});
