import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { decodeUimageHeader } from "../../src/formats/uimage.ts";
import { tarWith } from "../support/archive-roots.ts";
import { writeElf } from "../support/elf-writer.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { LOADER, makeRoot, put } from "./bad-recipes.ts";
import { runsOfThisFile } from "./many-runs.ts";
import { runCli as runAlone } from "./run-cli.ts";

const runCli = runsOfThisFile();

const RECIPE =
  'silence: [plan/no-init]\nsysroot: ./root\ncontents:\n  - object: /usr/bin/tool\nfiles:\n  /etc/hostname: "a\\n"\n';
const NO_ADDRESS = "(0x0000000000000000)";

function place(t: Parameters<typeof scratchDirectory>[0]): string {
  const cwd = scratchDirectory(t);
  makeRoot(cwd);
  put(cwd, "initrd.yaml", RECIPE);
  return cwd;
}

test("build prints the path of the image, and all else to standard error", async (t) => {
  const cwd = place(t);
  const run = await runCli(["build", "--cache", "cache"], { cwd });
  assert.deepEqual([run.code, run.stdout], [0, `${cwd}/result/initrd.zst\n`]);
  assert.match(
    run.stderr,
    /^initrd: \d+ bytes, \d+ entries; 1 piece built, 0 reused; .*s\nsha256-[0-9a-f]{64}\n$/,
  );
  assert.equal(readlinkSync(join(cwd, "result/initrd")), "initrd.zst");
  assert.ok(existsSync(join(cwd, "result/initrd.manifest.json")));
});

test("--quiet leaves the path alone; --json says everything", async (t) => {
  const cwd = place(t);
  const quiet = await runCli(["build", "--cache", "cache", "-q"], { cwd });
  assert.deepEqual(quiet, { code: 0, stdout: `${cwd}/result/initrd.zst\n`, stderr: "" });
  const json = await runCli(["build", "--cache", "cache", "--json"], { cwd });
  const { ok, name, image, reused, rebuilt } = JSON.parse(json.stdout);
  assert.deepEqual(
    [ok, name, image, reused, rebuilt, json.stderr],
    [true, "initrd", `${cwd}/result/initrd.zst`, 1, 0, ""],
  );
});

test("--explain names the change that made a segment anew", async (t) => {
  const cwd = place(t);
  const explain = async (...words: string[]) => {
    const { stderr, code } = await runCli(["build", "--cache", "cache", "--explain", ...words], { cwd });
    assert.equal(code, 0, stderr);
    return stderr.split("\n")[0]!.replace(/^.*?\): /, "");
  };
  assert.equal(await explain(), "rebuilt, there is no earlier image here to compare with");
  assert.equal(await explain(), "reused");
  put(cwd, "initrd.yaml", RECIPE.replace("a\\n", "b\\n"));
  assert.equal(await explain(), "rebuilt, because of /etc/hostname (content)");
  put(cwd, "initrd.yaml", RECIPE.replace(/files:.*/s, ""));
  assert.equal(await explain(), "rebuilt, because of /etc (removed), /etc/hostname (removed)");
  assert.match(await explain("--compressor", "gzip"), /^rebuilt, the compressor was zstd and is gzip/);
});

test("what is made of a store by contents is told by both names, and made once for two stores", async (t) => {
  const cwd = scratchDirectory(t);
  const [one, other] = ["2ysd87v9q17gm7kxpmmb4lqgn6ps39m5-tool", "7ig9cjdd02d1pknffyhzwf3qy7ly6z23-tool"];
  for (const name of [one, other]) put(cwd, `${name}/store/${name}/bin/tool`, `I am /nix/store/${name}`);
  put(cwd, "initrd.yaml", "store: content-pure\ncontents: [{object: /nix/store/*-tool, symlink: /tool}]\n");
  const build = async (store: string) => {
    const recipe = readFileSync(join(cwd, "initrd.yaml"), "utf8").replace(
      /^storeRoot:.*\n|^/,
      `storeRoot: ${store}/store\n`,
    );
    put(cwd, "initrd.yaml", recipe);
    const run = await runCli(["build", "--cache", "cache", "--explain"], { cwd });
    assert.equal(run.code, 0, run.stderr);
    return run.stderr.split("\n")[0]!.replace(/^.*?\): /, "");
  };
  assert.equal(await build(one!), "rebuilt, there is no earlier image here to compare with");
  assert.equal(await build(other!), "reused");
  put(cwd, `${other}/store/${other}/bin/tool`, `I am  /nix/store/${other}`);
  assert.match(
    await build(other!),
    /^rebuilt, because of \/nix\/store\/\w{32}-tool <- \/nix\/store\/7ig9cjdd02d1pknffyhzwf3qy7ly6z23-tool \(new\), /,
  );
});

test("a build over a compressed archive has nothing to do either, once its files are older than a tick", async (t) => {
  const cwd = scratchDirectory(t);
  put(cwd, "root.tgz", gzipSync(tarWith({ "/usr/bin/tool": "#!\n" })));
  put(cwd, "initrd.yaml", "sysroot: root.tgz\ncontents: [{object: /usr/bin/tool}]\n");
  for (let builds = 0; !existsSync(join(cwd, "cache/builds-v1")); builds++) {
    assert.ok(builds < 20, "no build is remembered");
    assert.equal((await runCli(["build", "--cache", "cache", "-q"], { cwd })).code, 0);
  }
  assert.deepEqual(readdirSync(join(cwd, "cache/builds-v1")).length, 1);
});

test("--no-cache keeps nothing", async (t) => {
  const cwd = place(t);
  const run = await runCli(["build", "--no-cache", "-q"], { cwd, env: { TMPDIR: join(cwd, "root") } });
  assert.equal(run.code, 0, run.stderr);
  assert.ok(!existsSync(join(cwd, ".cache")));
});

test("ls lists names, metadata and members of what build made", async (t) => {
  const cwd = place(t);
  await runCli(["build", "--cache", "cache", "-q"], { cwd });
  const names = await runCli(["ls", "result/initrd"], { cwd });
  assert.equal(
    names.stdout,
    ".\netc\netc/hostname\nlib\nlib/x86_64-linux-gnu\nlib/x86_64-linux-gnu/libc.so.6\nlib64\n" +
      "lib64/ld-linux-x86-64.so.2\nusr\nusr/bin\nusr/bin/tool\n",
  );
  const long = await runCli(["ls", "-l", "result/initrd"], { cwd });
  assert.match(long.stdout, /^-rw-r--r-- {2}1 {2}0 {2}0 +2 {2}1970-01-01 00:00:01 {2}etc\/hostname$/m);
  const raw = await runCli(["ls", "-0", "result/initrd"], { cwd });
  assert.equal(raw.stdout, names.stdout.replaceAll("\n", "\0"));
  const members = await runCli(["ls", "--members", "result/initrd"], { cwd });
  assert.match(members.stdout, /^offset +bytes +unpacked +entries +kind\n +0 +\d+ +\d+ +11 +zstd\n/);
  const json = JSON.parse((await runCli(["ls", "--json", "result/initrd"], { cwd })).stdout);
  assert.equal(json.entries.length, 11);
  assert.equal(json.entries[2].mode, "0644");
});

test("cat prints files of what build made, byte for byte, and where they lie", async (t) => {
  const cwd = place(t);
  await runCli(["build", "--cache", "cache", "-q"], { cwd });
  const run = await runCli(["cat", "result/initrd", "/etc/hostname", "etc/../etc/hostname"], { cwd });
  assert.deepEqual(run, { code: 0, stdout: "a\na\n", stderr: "" });
  const json = await runCli(["cat", "--json", "result/initrd", "usr/bin/tool", "etc/hostname"], { cwd });
  const { ok, files, remarks } = JSON.parse(json.stdout);
  const bytes = Buffer.from(files[0].contentBase64, "base64");
  assert.ok(bytes.equals(readFileSync(join(cwd, "root/usr/bin/tool"))));
  assert.deepEqual([ok, files.length, remarks, json.stderr], [true, 2, [], ""]);
  const hostname = {
    path: "etc/hostname",
    file: "/etc/hostname",
    size: 2,
    mode: "0644",
    contentBase64: "YQo=",
  };
  assert.deepEqual(files[1], hostname);
});

test("wrap puts what build made into a FIT that ls reads, and takes it out again for a uInitrd", async (t) => {
  const cwd = place(t);
  await runCli(["build", "--cache", "cache", "-q"], { cwd });
  const image = readFileSync(join(cwd, "result/initrd.zst"));
  const fit = await runCli(["wrap", "result/initrd", "--as", "fit", "-o", "a.itb", "--epoch", "9"], { cwd });
  assert.deepEqual([fit.code, fit.stdout], [0, `${cwd}/a.itb\n`]);
  assert.match(fit.stderr, /^fit for x86: \d/);
  const listed = await runCli(["ls", "a.itb"], { cwd });
  assert.deepEqual(listed, await runCli(["ls", "result/initrd"], { cwd }));
  chmodSync(join(cwd, "a.itb"), 0o640);
  const words = ["wrap", "a.itb", "--as", "uinitrd", "-o", "a.img", "--arch", "aarch64", "--name", "x"];
  const unwrapped = await runCli(words, { cwd });
  assert.match(unwrapped.stderr, /^note: took ramdisk-1 of a FIT image, and nothing else of it\n/);
  const uInitrd = readFileSync(join(cwd, "a.img"));
  assert.deepEqual(uInitrd.subarray(64), image);
  assert.equal(
    statSync(join(cwd, "a.img")).mode & 0o777,
    0o640,
    "who may not read the one may not read the other",
  );
  const header = decodeUimageHeader(uInitrd);
  assert.deepEqual([header.arch, header.name, header.time, header.compression], ["arm64", "x", 1, "none"]);
});

test("ldd answers as ldd does", async (t) => {
  const cwd = place(t);
  const lines = `\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 ${NO_ADDRESS}\n\t${LOADER} ${NO_ADDRESS}\n`;
  const inside = await runCli(["ldd", "--sysroot", "root", "/usr/bin/tool"], { cwd });
  assert.deepEqual(inside, { code: 0, stdout: lines, stderr: "" });
  const onHost = await runCli(["ldd", "--sysroot", "root", "root/usr/bin/tool"], { cwd });
  assert.deepEqual(onHost, inside);
  const absolute = await runCli(["ldd", "--sysroot", "root", join(cwd, "root/usr/bin/tool")], { cwd });
  assert.deepEqual(absolute, inside);
});

test("ldd heads each of several files, and ends with 1 where one has no answer", async (t) => {
  const cwd = place(t);
  put(cwd, "root/usr/bin/holey", writeElf({ interpreter: LOADER, needed: ["libgone.so.1"] }), 0o755);
  const words = ["ldd", "--sysroot", "root", "/usr/bin/holey", "/etc/motd", "/nowhere", "/etc"];
  const { code, stdout, stderr } = await runCli(words, { cwd });
  assert.equal(code, 1);
  assert.equal(stdout, "/usr/bin/holey:\n\tlibgone.so.1 => not found\n/etc/motd:\n/nowhere:\n/etc:\n");
  assert.equal(
    stderr,
    "\tnot a dynamic executable\nldd: /nowhere: No such file or directory\nldd: /etc: not regular file\n",
  );
});

test("ldd finds what --library-path adds, and says so in JSON", async (t) => {
  const cwd = place(t);
  put(cwd, "root/usr/bin/holey", writeElf({ interpreter: LOADER, needed: ["libgone.so.1"] }), 0o755);
  put(cwd, "root/opt/lib/libgone.so.1", writeElf());
  const words = ["ldd", "--sysroot", "root", "--library-path", "/srv:/opt/lib", "--json", "/usr/bin/holey"];
  const { code, stdout } = await runCli(words, { cwd });
  const { ok, files } = JSON.parse(stdout);
  assert.deepEqual([code, ok], [0, true]);
  assert.equal(files[0].libraries[0].path, "/opt/lib/libgone.so.1");
});

test("schema prints a JSON Schema", async () => {
  const { stdout, code } = await runCli(["schema"], { cwd: process.cwd() });
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).properties.contents.type, "array");
});

test("cache tells where it is, what it holds, and forgets what is damaged", async (t) => {
  const cwd = place(t);
  const env = { INITGRAPH_CACHE: join(cwd, "c") };
  await runCli(["build", "-q"], { cwd, env });
  assert.equal((await runCli(["cache", "path"], { cwd, env })).stdout, `${cwd}/c\n`);
  const listed = JSON.parse((await runCli(["cache", "ls", "--json"], { cwd, env })).stdout);
  assert.ok(listed.entries.length >= 2);
  assert.equal((await runCli(["cache", "verify"], { cwd, env })).code, 0);
  const { digest } = listed.entries[0];
  const hex = digest.slice("sha256-".length);
  writeFileSync(join(cwd, "c/content-v2/sha256", hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)), "x");
  const verified = await runCli(["cache", "verify"], { cwd, env });
  assert.equal(verified.code, 1);
  assert.match(verified.stdout, new RegExp(`^damaged, and removed: ${digest}`));
  const collected = await runCli(["cache", "gc", "--max-size", "0"], { cwd, env });
  assert.match(collected.stdout, /^removed \d+ pieces?, /);
  assert.equal((await runCli(["cache", "ls", "-q"], { cwd, env })).stdout, "");
});

test("init writes a recipe that builds, for a tree with a busybox and for one with a shell", async (t) => {
  for (const programs of [["busybox"], ["bash", "mount"]]) {
    const cwd = scratchDirectory(t);
    for (const name of programs) put(cwd, `root/bin/${name}`, writeElf({ machine: 183 }), 0o755);
    const init = await runCli(["init", "--sysroot", "root"], { cwd });
    assert.deepEqual(init, { code: 0, stdout: "initrd.yaml\n", stderr: "" });
    assert.match(readFileSync(join(cwd, "initrd.yaml"), "utf8"), /^arch: aarch64$/m);
    const build = await runCli(["build", "--cache", "cache", "-q"], { cwd });
    assert.equal(build.code, 0, build.stderr);
    const { stdout } = await runCli(["ls", "result/initrd"], { cwd });
    for (const name of [...programs.map((one) => `bin/${one}`), "init", "dev/console", "proc"]) {
      assert.ok(stdout.split("\n").includes(name), name);
    }
  }
});

test("init names the image as its recipe, so that two do not take each other's place", async (t) => {
  const cwd = scratchDirectory(t);
  put(cwd, "root/bin/busybox", writeElf({ machine: 183 }), 0o755);
  put(cwd, "boards/README", "");
  for (const [file, name] of [
    ["a.yaml", "a"],
    ["boards/b.yml", "b"],
    ["x y.yaml", "initrd"],
  ] as const) {
    await runCli(["init", file, "--sysroot", "root"], { cwd });
    const text = readFileSync(join(cwd, file), "utf8");
    assert.match(text, new RegExp(`^name: ${name}$`, "m"));
    assert.ok(text.includes(`initgraph boot result/${name} `));
  }
});

test("a signal ends a build with its number and leaves no output", async (t) => {
  const cwd = place(t);
  mkdirSync(join(cwd, "result"));
  put(cwd, "slow", "#!/bin/sh\nkill -INT $PPID\nexec sleep 5\n", 0o755);
  put(cwd, "initrd.yaml", `${RECIPE}compressor: ${cwd}/slow\nextension: .s\n`);
  const run = await runAlone(["build", "--cache", "cache"], { cwd });
  assert.deepEqual([run.code, run.stdout], [130, ""]);
  assert.deepEqual(existsSync(join(cwd, "result/initrd")), false);
});

test("a warning is told with its fix, until the recipe silences it; the manifest has it all the same", async (t) => {
  const cwd = place(t);
  put(cwd, "root/usr/lib/libc.so.6", writeElf({ soname: "libc.so.6" }));
  put(cwd, "root/usr/lib/libnss_ldap.so.2", writeElf({ soname: "libnss_ldap.so.2" }));
  const init = "/init: {text: x, mode: '0755'}";
  const files = `files: {${init}, /etc/nsswitch.conf: {text: 'passwd: files ldap'}}\n`;
  const recipe = `sysroot: ./root\ncontents: [{object: /usr/lib/libc.so.6}]\n${files}`;
  put(cwd, "initrd.yaml", recipe);
  const run = async (...words: string[]) => runCli(["build", "--no-cache", "-q", ...words], { cwd });
  const head = "/etc/nsswitch.conf names services whose modules are not in the image";
  const help = [
    'add "- object: /usr/lib/libnss_ldap.so.2" to contents,',
    'or "silence: [graph/nss-modules]" to the recipe',
  ];
  const loud = await run();
  const lines = [
    `warning[graph/nss-modules]: ${head}`,
    "    not in      /usr/lib/libnss_ldap.so.2",
    `    help        ${help[0]}`,
    `                ${help[1]}`,
  ];
  assert.equal(loud.stderr, `${lines.join("\n")}\n\n`);
  assert.equal(loud.code, 0);
  const { warnings } = JSON.parse((await run("--json")).stdout);
  assert.deepEqual(
    warnings.map((one: { code: string; message: string; help: string }) => [one.code, one.message, one.help]),
    [["graph/nss-modules", head, help.join(" ")]],
  );
  put(cwd, "initrd.yaml", `${recipe}silence: [graph/nss-modules]\n`);
  assert.deepEqual([(await run()).stderr, JSON.parse((await run("--json")).stdout).warnings], ["", []]);
  const manifest = JSON.parse(readFileSync(join(cwd, "result/initrd.manifest.json"), "utf8"));
  assert.deepEqual(manifest.warnings, [
    {
      code: "graph/nss-modules",
      configuration: "/etc/nsswitch.conf",
      modules: ["/usr/lib/libnss_ldap.so.2"],
      silenced: true,
    },
  ]);
});
