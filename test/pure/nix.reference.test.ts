/** Real stores of Nix: what it builds twice from other inputs, and what it rewrites itself for content-addressed paths. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { digestOf, hexOfDigest } from "../../src/core/digest.ts";
import { hashPartOf } from "../../src/formats/nix-hash.ts";
import { buildRecipe, initgraph, manifestOf } from "../support/initgraph.ts";
import { type Requirement, requireAll, requireRoot, requireTool } from "../support/tools.ts";

/** The same programs whatever the comment: a loader, a shell that is linked against it, and a script for it. */
const DERIVATIONS = `
{ comment }:
let
  build = name: attributes: script: derivation ({
    inherit name comment;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    PATH = "/usr/bin:/bin";
    args = [ "-euc" script ];
  } // attributes);
  libc = build "libc" { } ''
    mkdir -p $out/lib
    cp $(patchelf --print-interpreter /bin/sh) /lib/*-linux-gnu*/libc.so.6 $out/lib'';
  shell = build "shell" { inherit libc; } ''
    mkdir -p $out/bin
    cp /bin/sh $out/bin/dash
    loader=$libc/lib/$(basename $(patchelf --print-interpreter /bin/sh))
    patchelf --set-interpreter $loader --set-rpath $libc/lib $out/bin/dash
    ln -s $out/bin/dash $out/bin/sh'';
  init = build "init" { inherit shell libc; } ''
    mkdir -p $out/bin $out/by-name
    : > $out/by-name/$(basename $libc).conf
    { echo "#!$shell/bin/sh"; echo "cd $shell/bin && exec ./dash -c 'echo \\$1 runs' x $out"; } > $out/bin/init
    chmod +x $out/bin/init'';
  packed = build "packed" { inherit shell; } ''
    mkdir -p $out/bin; echo $shell > $out/bin/init
    { seq 3000; echo $shell; } | xz --check=crc32 > $out/text.xz'';
in { inherit init packed; }
`;

const tools = requireAll(requireTool("nix-build", "nix", "patchelf", "xz", "cpio", "chroot"), requireRoot());
const scratch = mkdtempSync(join(tmpdir(), "initgraph-pure-"));
after(() => {
  execFileSync("chmod", ["-R", "u+w", scratch]);
  rmSync(scratch, { recursive: true, force: true });
});

const root = join(scratch, "root");
const environment = { PATH: process.env["PATH"] ?? "", HOME: scratch, NIX_CONF_DIR: scratch, NIX_REMOTE: "" };
const [first, second, needed] = buildBoth();

/** In a container that forbids namespaces Nix has no sandbox, and so cannot build for a store of its own. */
function buildBoth(): readonly [string, string, Requirement] {
  if (tools.skip !== false) return ["", "", tools];
  try {
    return [build("first"), build("second"), tools];
  } catch (error) {
    if (process.env["INITGRAPH_REQUIRE_TOOLS"] === "1") throw error;
    return ["", "", { skip: `Nix cannot build here: ${String(error).split("\n").at(-2)}` }];
  }
}

/** A builder that ends before Nix looks at it may lose a race on a busy machine: what is built stays. */
function build(comment: string, attribute = "init"): string {
  writeFileSync(join(scratch, "store.nix"), DERIVATIONS);
  writeFileSync(
    join(scratch, "nix.conf"),
    "build-users-group =\nsandbox = true\nsandbox-paths = /bin /usr /lib? /lib64? /etc/alternatives?\nsubstituters =\nexperimental-features = nix-command ca-derivations\n",
  );
  const words = [
    "--store",
    root,
    "--no-out-link",
    "store.nix",
    "--argstr",
    "comment",
    comment,
    "-A",
    attribute,
  ];
  for (let attempt = 1; ; attempt++) {
    try {
      return execFileSync("nix-build", words, {
        cwd: scratch,
        env: environment,
        encoding: "utf8",
        stdio: "pipe",
      }).trim();
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** A recipe for an object, in a directory of its own. */
function writeRecipe(object: string, store: string): { recipe: string; directory: string } {
  const directory = join(scratch, `${object.slice(11)} ${store}`);
  mkdirSync(directory, { recursive: true });
  const recipe = join(directory, "initrd.yaml");
  const lines = [
    `sysroot: ${root}`,
    `store: ${store}`,
    "compressor: none",
    `contents: [{object: ${object}, symlink: /init, suffix: /bin/init}]`,
    `files: {/etc/where: ${object}/bin/init}`,
  ];
  const isOfFiles = store.includes("files");
  if (isOfFiles)
    lines.push("allow: [{missing: /lib*/ld-linux*, reason: libc's own interpreter is Debian's}]");
  writeFileSync(recipe, `${lines.join("\n")}\n`);
  return { recipe, directory };
}

function buildImage(object: string, store: string): string {
  const { recipe, directory } = writeRecipe(object, store);
  return buildRecipe(recipe, directory);
}

const bytesOf = (file: string) => readFileSync(file);

for (const [title, store] of [
  ["whole store paths", "content-pure"],
  ["files of a store", "[files, content-pure]"],
] as const) {
  test(
    `${title}: two derivations of other inputs and equal outputs give equal images, which run`,
    needed,
    () => {
      assert.notEqual(first, second);
      const images = [first, second].map((object) => buildImage(object, store));
      const [one, other] = images.map(bytesOf);
      assert.ok(one!.equals(other!));
      assert.ok(!one!.includes(first!.slice(11, 43)) && !one!.includes(second!.slice(11, 43)));
      const unpacked = join(scratch, `${store}-unpacked`);
      mkdirSync(unpacked);
      execFileSync("cpio", ["-idm", "--quiet"], { cwd: unpacked, input: one });
      const said = execFileSync("chroot", [unpacked, "/init"], { encoding: "utf8" });
      const init = manifestOf(images[0]!).entries.find(({ path }) =>
        /^\/nix\/store\/[^/]*-init$/.test(path),
      )!;
      assert.equal(said, `${init.path} runs\n`);
      assert.equal((init as { original?: string }).original, first);
    },
  );
}

test("with the names of Nix the images differ", needed, () => {
  const [one, other] = [first, second].map((object) => bytesOf(buildImage(object, "whole")));
  assert.ok(!one!.equals(other!));
});

test("a name within what is packed is an error that tells both paths", needed, () => {
  const object = build("first", "packed");
  assert.throws(
    () => buildImage(object, "content-pure"),
    new RegExp(`cannot-rewrite\\]: ${object}/text\\.xz names /nix/store/\\S*-shell, .*\\(xz\\)`),
  );
});

test("locks of both tell the same inputs, and the original names beside", needed, () => {
  const locks = [first, second].map((object) => {
    const { recipe } = writeRecipe(object, "content-pure");
    initgraph("lock", recipe, "--cache", join(scratch, "cache"));
    return readFileSync(`${recipe}.lock`, "utf8");
  });
  const [inputs, others] = locks.map((lock) =>
    lock.slice(lock.indexOf("inputs:"), lock.indexOf("originals:")),
  );
  assert.match(inputs!, /store:\n( {4}\/[0-9a-z]{32}-\S+: sha256-[0-9a-f]{64}\n){4}/);
  assert.equal(inputs, others);
  for (const [at, lock] of locks.entries())
    assert.ok(lock.includes(`-init: ${[first, second][at]!.slice("/nix/store".length)}\n`), lock);
});

test(
  "those bytes are rewritten that Nix rewrites for content-addressed paths, and names that it leaves",
  needed,
  () => {
    const words = ["store", "make-content-addressed", "--store", root, "--json", first];
    const { rewrites } = JSON.parse(
      execFileSync("nix", words, { env: environment, encoding: "utf8", stdio: "pipe" }),
    );
    const requisites = ["--store", root, "--query", "--requisites", rewrites[first]];
    const theirs = execFileSync("nix-store", requisites, { env: environment, encoding: "utf8" })
      .trim()
      .split("\n");
    const image = buildImage(first, "content-pure");
    const unpacked = join(scratch, "oracle-unpacked");
    mkdirSync(unpacked);
    execFileSync("cpio", ["-idm", "--quiet"], { cwd: unpacked, input: bytesOf(image) });
    const ours = readdirSync(join(unpacked, "nix/store")).map((name) => `/nix/store/${name}`);
    assert.equal(ours.length, 3);
    // Nix 2.8 looks for whole paths here, though for references it looks for the hash parts alone.
    const left = Object.entries(treeOf(root, theirs)).map(([path, what]) => [
      path.replace(/(?<=\/by-name\/)[0-9a-z]{32}/, "<libc>".padEnd(32, ".")),
      what,
    ]);
    assert.deepEqual(treeOf(unpacked, ours), Object.fromEntries(left));
  },
);

/** Every file of some store paths, with what stands in it, hash parts of these told by the names behind them. */
function treeOf(top: string, paths: readonly string[]): Record<string, string> {
  const named = (text: string) =>
    paths.reduce(
      (all, path) => all.replaceAll(path.slice(11, 43), `<${path.slice(44)}>`.padEnd(32, ".")),
      text,
    );
  const tree: Record<string, string> = {};
  for (const path of paths) {
    for (const file of ["", ...readdirSync(join(top, path), { recursive: true, encoding: "utf8" })]) {
      const at = join(top, path, file);
      const facts = lstatSync(at);
      const mode = facts.isDirectory() ? "directory" : facts.mode.toString(8);
      const content = facts.isSymbolicLink()
        ? readlinkSync(at)
        : facts.isFile()
          ? readFileSync(at, "latin1")
          : "";
      tree[named(join(path, file))] = `${mode} ${digestOf(Buffer.from(named(content), "latin1"))}`;
    }
  }
  return tree;
}

test("hash parts are folded and written as Nix does it", requireTool("nix-hash"), () => {
  for (const text of ["", "a", "0123456789"]) {
    const file = join(scratch, "hashed");
    writeFileSync(file, text);
    const words = ["--type", "sha256", "--flat", "--truncate", "--base32", file];
    const theirs = execFileSync("nix-hash", words, { env: environment, encoding: "utf8" }).trim();
    assert.equal(hashPartOf(hexOfDigest(digestOf(Buffer.from(text)))), theirs);
  }
});
