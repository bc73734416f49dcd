import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf } from "../../src/core/path.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { closeReferences } from "../../src/graph/close.ts";
import type { Closure } from "../../src/graph/graph.ts";
import { fileNode } from "../../src/graph/references.ts";
import { type MemoryFile, memoryTree } from "../support/memory-tree.ts";
import { file, inlineText, object, type SpecParts, spanAt, specOf, target } from "../support/specs.ts";

type Files = Readonly<Record<string, MemoryFile>>;

interface Roots {
  readonly sysroot?: Files;
  readonly host?: Files;
  readonly store?: Files;
}

function close(spec: SpecParts, roots: Roots): Closure {
  const trees = {
    sysroot: memoryTree("/sysroot", roots.sysroot ?? {}),
    host: memoryTree("/", roots.host ?? {}),
    store: memoryTree("/nix/store", roots.store ?? {}),
  };
  return closeReferences(specOf(spec), trees, { from: "scan" }, () => {});
}

function problemsOf(spec: SpecParts, roots: Roots): readonly Problem[] {
  try {
    close(spec, roots);
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  return [];
}

function shown({ claims }: Closure): string[] {
  const lines = claims.map(({ entry }) => {
    const mode = entry.mode.toString(8);
    return entry.kind === "symlink" ? `${entry.path} -> ${entry.to}` : `${entry.path} ${entry.kind} ${mode}`;
  });
  return [...new Set(lines)].sort();
}

const script = (line: string, mode = 0o755): MemoryFile => ({ mode, bytes: `${line}\n` });

test("a named file comes with its directories, their modes and every symlink on the way", () => {
  const sysroot = {
    "/bin": { symlink: "usr/bin" },
    "/usr/bin": { directory: 0o751 },
    "/usr/bin/sh": { symlink: "../lib/dash" },
    "/usr/lib/dash": { mode: 0o4755, bytes: "dash" },
  };
  assert.deepEqual(shown(close({ contents: [object("/bin/sh")] }, { sysroot })), [
    "bin -> usr/bin",
    "usr directory 755",
    "usr/bin directory 751",
    "usr/bin/sh -> ../lib/dash",
    "usr/lib directory 755",
    "usr/lib/dash file 4755",
  ]);
});

test("an absolute symlink is followed inside the sysroot, and '..' stops at its root", () => {
  const sysroot = {
    "/opt/a": { symlink: "/../../etc/b" },
    "/etc/b": { symlink: "../../../../usr/c" },
    "/usr/c": "content",
  };
  const found = shown(close({ contents: [object("/opt/a")] }, { sysroot }));
  assert.ok(found.includes("usr/c file 644"));
});

test("a script brings its interpreter, and env the program that it looks up", () => {
  const sysroot = {
    "/usr/bin/tool": script("#!/usr/bin/env -S FOO=1 python3 -u"),
    "/usr/bin/env": { mode: 0o755, bytes: "env" },
    "/usr/bin/python3": { symlink: "python3.11" },
    "/usr/bin/python3.11": { mode: 0o755, bytes: "python" },
    "/usr/sbin/python3": { mode: 0o644, bytes: "no program" },
  };
  const closure = close({ contents: [object("/usr/bin/tool")] }, { sysroot });
  const names = closure.claims.map(({ entry }) => entry.path);
  for (const name of ["usr/bin/env", "usr/bin/python3", "usr/bin/python3.11"])
    assert.ok(names.includes(target(name)), name);
  assert.ok(!names.includes(target("/usr/sbin/python3")));
  const [step] = closure.references.referencesTo(fileNode(target("/usr/bin/python3")));
  assert.equal(step?.reason, "shebang");
  assert.deepEqual(step?.tried, ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin"]);
});

test("the kernel looks at the first line of a program only", () => {
  const sysroot = { "/etc/notes": script("#!/no/such/thing", 0o644) };
  assert.deepEqual(problemsOf({ contents: [object("/etc/notes")] }, { sysroot }), []);
});

test("every hole is told at once, with the chain to the recipe's line", () => {
  const sysroot = {
    "/bin/a": script("#!/bin/missing"),
    "/bin/b": script("#!/usr/bin/env perl"),
    "/usr/bin/env": { mode: 0o755, bytes: "env" },
    "/bin/c": { symlink: "nowhere" },
    "/bin/d": { symlink: "d" },
  };
  const contents = ["/bin/a", "/bin/b", "/bin/c", "/bin/d", "/bin/x"].map((name, at) =>
    object(name, { at: spanAt(at + 1) }),
  );
  const problems = problemsOf({ contents }, { sysroot });
  assert.deepEqual(problems.map(({ code }) => code).sort(), [
    "graph/dangling-symlink",
    "graph/interpreter-not-found",
    "graph/object-not-found",
    "graph/program-not-found",
    "graph/symlink-loop",
  ]);
  const missing = problems.find(({ code }) => code === "graph/interpreter-not-found");
  assert.ok(missing?.code === "graph/interpreter-not-found");
  assert.deepEqual(missing.chain.through, ["/bin/a"]);
  assert.equal(missing.chain.from?.line, 1);
});

test("an exception accepts a hole by name, and one that accepts nothing is a problem", () => {
  const sysroot = { "/bin/a": script("#!/bin/missing"), "/bin/b": script("#!/bin/missing") };
  const contents = [object("/bin/a"), object("/bin/b")];
  const allow = (missing: string, neededBy: string | null = null) => ({
    at: spanAt(9),
    missing,
    neededBy,
    reason: "known",
  });
  const codes = (...exceptions: ReturnType<typeof allow>[]): string[] =>
    problemsOf({ contents, allow: exceptions }, { sysroot }).map(({ code }) => code);
  assert.deepEqual(codes(allow("/bin/missing")), []);
  assert.deepEqual(codes(allow("/bin/*", "/bin/{a,b}")), []);
  assert.deepEqual(codes(allow("/bin/missing", "/bin/a")), ["graph/interpreter-not-found"]);
  assert.deepEqual(codes(allow("/bin/*"), allow("libnot.so")), ["graph/unused-allow"]);
});

test("a directory comes whole, with what its members refer to, as one node of the graph", () => {
  const sysroot = {
    "/usr/share/app": { directory: 0o750 },
    "/usr/share/app/data": "data",
    "/usr/share/app/run": script("#!/bin/sh"),
    "/usr/share/app/sub/link": { symlink: "/etc/app.conf" },
    "/usr/share/app/up": { symlink: ".." },
    "/usr/share/app/pipe": { fifo: 0o600 },
    "/etc/app.conf": "conf",
    "/usr/share/other": "not asked for",
    "/bin/sh": { mode: 0o755, bytes: "sh" },
    "/usr/share/app/mtab": { symlink: "/proc/self/mounts" },
  };
  const closure = close({ contents: [object("/usr/share/app")] }, { sysroot });
  const found = shown(closure);
  assert.ok(found.includes("usr/share/app directory 750"));
  assert.ok(found.includes("usr/share/app/pipe fifo 600"));
  assert.ok(found.includes("etc/app.conf file 644"));
  assert.ok(found.includes("bin/sh file 755"));
  assert.ok(found.includes("usr/share/app/mtab -> /proc/self/mounts"));
  assert.ok(!found.some((line) => line.startsWith("usr/share/other") || line.startsWith("proc")));
  assert.ok(!closure.references.hasNode(fileNode(target("/usr/share/app/data"))));
  const chain = closure.references.chainTo(fileNode(target("/bin/sh"))).map(({ reason }) => reason);
  assert.deepEqual(chain, ["named", "copied", "shebang"]);
});

test("globs match names in byte order, also below a symlinked directory", () => {
  const sysroot = {
    "/sbin": { symlink: "usr/sbin" },
    "/usr/sbin/lvm": "x",
    "/usr/sbin/lvs": "x",
    "/usr/sbin/.lvx": "x",
    "/usr/sbin/mount": "x",
    "/usr/lib/a/x.so": "x",
    "/usr/lib/b/c/y.so": "x",
  };
  const names = (glob: string): string[] =>
    shown(close({ contents: [object(glob)] }, { sysroot })).filter((line) => line.includes("file"));
  assert.deepEqual(names("/sbin/lv*"), ["usr/sbin/lvm file 644", "usr/sbin/lvs file 644"]);
  assert.deepEqual(names("/usr/lib/**/*.so"), ["usr/lib/a/x.so file 644", "usr/lib/b/c/y.so file 644"]);
  assert.deepEqual(names("/usr/lib/*/*.so"), ["usr/lib/a/x.so file 644"]);
  assert.deepEqual(
    problemsOf({ contents: [object("/usr/lib/*.so")] }, { sysroot })[0]?.code,
    "graph/glob-matches-nothing",
  );
});

test("what the recipe places serves what the sysroot's programs ask for", () => {
  const sysroot = { "/etc/start": script("#!/bin/sh"), "/bin/sh": { mode: 0o755, bytes: "the sysroot's" } };
  const host = { "/recipes/busybox": { mode: 0o700, bytes: "busybox" } };
  const contents = [
    object("/etc/start"),
    object("./busybox", { target: target("/bin/busybox"), symlink: target("/bin/sh") }),
  ];
  const closure = close({ contents }, { sysroot, host });
  const found = shown(closure);
  assert.ok(found.includes("bin/busybox file 755"), "beside the recipe the execute bit alone counts");
  assert.ok(found.includes("bin/sh -> /bin/busybox"));
  assert.ok(!found.includes("bin/sh file 755"));
});

test("an image takes the sysroot's layout where it takes its programs, and only there", () => {
  const sysroot = { "/bin": { symlink: "usr/bin" }, "/usr/bin/bash": { mode: 0o755, bytes: "bash" } };
  const store = {
    "/00000000000000000000000000000000-busybox/bin/busybox": { mode: 0o555, bytes: "busybox" },
  };
  const hello = file("/bin/hello", inlineText("hello"));
  assert.ok(
    shown(close({ contents: [object("/bin/bash")], files: [hello] }, { sysroot })).includes(
      "usr/bin/hello file 644",
    ),
  );
  const inStore = object("/nix/store/00000000000000000000000000000000-busybox", {
    symlink: target("/bin/busybox"),
    suffix: bytesOf("/bin/busybox"),
  });
  const found = shown(close({ contents: [inStore], files: [hello] }, { sysroot, store }));
  assert.ok(found.includes("bin/hello file 644"));
  assert.ok(!found.some((line) => line.startsWith("usr")));
});

test("an object and a file of the recipe at one path are a conflict", () => {
  const sysroot = { "/etc/hostname": "host" };
  const spec = { contents: [object("/etc/hostname")], files: [file("/etc/hostname", inlineText("mine"))] };
  assert.deepEqual(
    problemsOf(spec, { sysroot }).map(({ code }) => code),
    ["plan/conflict"],
  );
  const tree = { contents: [object("/etc")], files: [file("/etc/hostname", inlineText("mine"))] };
  assert.deepEqual(problemsOf(tree, { sysroot }), []);
});

test("a symlink of the recipe's own brings the file it leads to, but of a directory only that it is there", () => {
  const sysroot = { "/usr/lib/systemd/systemd": "systemd", "/usr/lib/other": "x", "/run/x": "x" };
  const link = (path: string, to: string) => file(path, { kind: "symlink", to: bytesOf(to) });
  const files = [
    link("/init", "usr/lib/systemd/systemd"),
    link("/lib", "usr/lib"),
    link("/var/run", "/run"),
    link("/etc/rc", "/run/rc"),
  ];
  const found = shown(close({ files }, { sysroot }));
  assert.ok(found.includes("usr/lib/systemd/systemd file 644"));
  assert.ok(!found.some((line) => line.startsWith("usr/lib/other") || line.startsWith("run/")));
  assert.deepEqual(
    problemsOf({ files: [link("/init", "/no/such")] }, { sysroot }).map(({ code }) => code),
    ["graph/dangling-symlink"],
  );
});

test("a chain of thousands of symlinked scripts does not overflow", () => {
  const sysroot: Record<string, MemoryFile> = { "/bin/s0": { mode: 0o755, bytes: "end" } };
  for (let at = 1; at <= 20_000; at++) sysroot[`/bin/s${at}`] = script(`#!/bin/s${at - 1}`);
  const closure = close({ contents: [object("/bin/s20000")] }, { sysroot });
  assert.equal(closure.references.chainTo(fileNode(target("/bin/s0"))).length, 20_001);
});

test("the make-initrd layout has empty /dev, /proc and /sys", () => {
  const found = shown(close({ layout: "make-initrd", files: [file("/x", inlineText("x"))] }, {}));
  assert.deepEqual(found, ["dev directory 755", "proc directory 755", "sys directory 755", "x file 644"]);
});
