/** modprobe.d of the sysroot: what of it comes along, and the programs that it has run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BuildFailure } from "../../src/core/problem.ts";
import { closeReferences } from "../../src/graph/close.ts";
import { fileNode } from "../../src/graph/references.ts";
import type { KernelSpec } from "../../src/spec/spec.ts";
import { arrows, firmware, KERNEL_TREE, kernelOf, kernelSpec, modulesIn } from "../support/kernel-tree.ts";
import { type MemoryFile, memoryTree } from "../support/memory-tree.ts";
import { specOf, target } from "../support/specs.ts";

type Files = Readonly<Record<string, MemoryFile>>;

const program: MemoryFile = { mode: 0o755, bytes: "#!/bin/sh\n" };
const SHELL: Files = { "/bin/sh": { mode: 0o755, bytes: "sh" }, "/sbin/modprobe": program };

const spec = (words: readonly string[], more: Partial<KernelSpec> = {}): KernelSpec =>
  kernelSpec(words, { firmware: firmware("none"), ...more });

/** Paths of the image that are no part of the kernel's own. */
async function imageOf(kernel: KernelSpec, files: Files): Promise<string[]> {
  const { claims } = await closureOf(kernel, files);
  const paths = claims.flatMap(({ entry }) => (entry.kind === "directory" ? [] : [entry.path as string]));
  return [...new Set(paths)].filter((path) => !/lib\/modules|^lib$/.test(path)).sort();
}

async function closureOf(kernel: KernelSpec, files: Files) {
  const tree = { ...KERNEL_TREE, ...files };
  const trees = {
    sysroot: memoryTree("/", tree),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", {}),
  };
  return closeReferences(specOf({ kernel }), trees, { from: "scan" }, () => {}, [
    await kernelOf(kernel, tree),
  ]);
}

test("files of modprobe.d that mention a chosen module come along, and no others", async () => {
  const files = {
    "/etc/modprobe.d/hidden.conf": "# nothing\n",
    "/etc/modprobe.d/link.conf": { symlink: "../../opt/net.conf" },
    "/opt/net.conf": "options ne* speed=9\n",
    "/usr/lib/modprobe.d/hidden.conf": "options net x=1\n",
    "/usr/lib/modprobe.d/alias.conf": "alias eth0 net\n",
    "/usr/lib/modprobe.d/block.conf": "blacklist net\n",
    "/usr/lib/modprobe.d/late.conf": "options late x=1\n",
    "/usr/lib/modprobe.d/.dot.conf": "options net x=1\n",
    "/usr/lib/modprobe.d/net.txt": "options net x=1\n",
  };
  assert.deepEqual(
    await imageOf(spec(["net"]), { ...files, "/usr/lib/modprobe.d/net-1.conf": "options net_1 x\n" }),
    [
      "etc/modprobe.d/link.conf",
      "opt/net.conf",
      "usr/lib/modprobe.d/alias.conf",
      "usr/lib/modprobe.d/block.conf",
    ],
  );
  assert.deepEqual(await imageOf(spec(["net"], { modprobe: false }), files), []);
});

test("what an install line runs comes along: the shell, its programs, and the modules it has loaded", async () => {
  const line = "install net /usr/sbin/setup now; modprobe -i net $CMDLINE_OPTS && modprobe -q late";
  const files = { ...SHELL, "/usr/sbin/setup": program, "/etc/modprobe.d/net.conf": `${line}\n` };
  const kernel = spec(["net"]);
  assert.deepEqual(modulesIn(await kernelOf(kernel, { ...KERNEL_TREE, ...files })), ["late", "net"]);
  assert.deepEqual(await imageOf(kernel, files), [
    "bin/sh",
    "etc/modprobe.d/net.conf",
    "sbin/modprobe",
    "usr/sbin/setup",
  ]);
  const { references, warnings } = await closureOf(kernel, files);
  const chain = references.chainTo(fileNode(target("usr/sbin/setup")));
  assert.deepEqual(
    chain.map(({ reason, says }) => [reason, says]),
    [
      ["named", "net"],
      ["modprobe-config", line],
      ["modprobe-command", line],
    ],
  );
  assert.deepEqual(warnings, []);
});

test("only the first install line counts, and those of other modules do not", async () => {
  const text = "install n* /bin/one\ninstall net /bin/two\ninstall late /bin/three\nremove net /bin/four\n";
  const programs = Object.fromEntries(
    ["one", "two", "three", "four"].map((name) => [`/bin/${name}`, program]),
  );
  const files = { ...SHELL, ...programs, "/etc/modprobe.d/a.conf": text };
  assert.deepEqual(await imageOf(spec(["net"]), files), [
    "bin/four",
    "bin/one",
    "bin/sh",
    "etc/modprobe.d/a.conf",
  ]);
});

test("a name that only an install line knows is one", async () => {
  const files = { ...SHELL, "/etc/modprobe.d/a.conf": "install both /sbin/modprobe -a late net\n" };
  assert.deepEqual(modulesIn(await kernelOf(spec(["both"]), { ...KERNEL_TREE, ...files })), ["late", "net"]);
  assert.deepEqual(await imageOf(spec(["both"]), files), [
    "bin/sh",
    "etc/modprobe.d/a.conf",
    "sbin/modprobe",
  ]);
  const soft = { ...files, "/etc/modprobe.d/b.conf": "softdep sum post: both\n" };
  assert.deepEqual(arrows(await kernelOf(spec(["sum"]), { ...KERNEL_TREE, ...soft })), [
    "sum -> b.conf modprobe-config",
    "sum -> a.conf softdep",
    "a.conf -> late modprobe-command",
    "a.conf -> net modprobe-command",
  ]);
});

test("a program that is not there is a hole with its chain", async () => {
  const files = { ...SHELL, "/etc/modprobe.d/a.conf": "install net /opt/none && setup-net\n" };
  const failure = await closureOf(spec(["net"]), files).catch((error: unknown) => error);
  assert.ok(failure instanceof BuildFailure);
  assert.deepEqual(
    failure.problems.map(
      (problem) => problem.code === "graph/command-not-found" && [problem.program, problem.chain.through],
    ),
    ["/opt/none", "setup-net"].map((name) => [
      name,
      ["/etc/modprobe.d/a.conf", "/usr/lib/modules/6.1.0-test/kernel/drivers/net.ko"],
    ]),
  );
});

test("a line that keeps a module from being loaded, and one that only a shell can read, are told", async () => {
  const disabled = { ...KERNEL_TREE, ...SHELL, "/etc/modprobe.d/a.conf": "install net /bin/false\n" };
  const facts = { module: "net", configuration: "/etc/modprobe.d/a.conf" };
  const { warnings } = await kernelOf(spec(["net"]), disabled);
  assert.deepEqual(warnings, [{ code: "kernel/module-disabled", ...facts, line: "install net /bin/false" }]);
  const line = "install net for x in a b; do $x; done";
  const unread = { ...disabled, "/etc/modprobe.d/a.conf": `${line}\n` };
  const told = (await kernelOf(spec(["net"]), unread)).warnings;
  assert.deepEqual(told, [{ code: "kernel/modprobe-command", ...facts, line }]);
});

test("a blacklist keeps modules from aliases that the recipe names, not from soft dependencies", async () => {
  const files = { ...KERNEL_TREE, "/etc/modprobe.d/a.conf": "blacklist sum\nblacklist sum-fast\n" };
  const work = kernelOf(spec(["crypto-sum"]), files).catch((error: unknown) => error);
  const failure = await work;
  assert.ok(failure instanceof BuildFailure);
  const [problem] = failure.problems;
  assert.ok(problem?.code === "kernel/module-not-found");
  assert.deepEqual(problem.blacklisted, [
    "sum (/etc/modprobe.d/a.conf)",
    "sum_fast (/etc/modprobe.d/a.conf)",
  ]);
  assert.ok(modulesIn(await kernelOf(spec(["disk"]), files)).includes("sum"));
});
