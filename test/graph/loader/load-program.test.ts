import assert from "node:assert/strict";
import { test } from "node:test";
import { writeElf } from "../../support/elf-writer.ts";
import { memoryTree } from "../../support/memory-tree.ts";
import { LOADER, library, loaderFile, loadingOf, loadMain, program, told } from "./loading.ts";

test("finds libraries in the loader's own directories, breadth-first, each once", () => {
  const loaded = loadMain({
    "/bin/main": program("liba.so", "libb.so"),
    "/usr/lib/liba.so": library("liba.so", { needed: ["libc.so.6", "libb.so"] }),
    "/lib/x86_64-linux-gnu/libb.so": library("libb.so", { needed: ["libc.so.6"] }),
    "/lib/libc.so.6": library("libc.so.6", { needed: ["ld-linux-x86-64.so.2"] }),
  });
  assert.deepEqual(told(loaded), [
    "liba.so => /usr/lib/liba.so (default directory /usr/lib)",
    "libb.so => /lib/x86_64-linux-gnu/libb.so (default directory /lib/x86_64-linux-gnu)",
    "libc.so.6 => /lib/libc.so.6 (default directory /lib)",
    "libb.so => /lib/x86_64-linux-gnu/libb.so (already loaded by /bin/main)",
    "libc.so.6 => /lib/libc.so.6 (already loaded by /usr/lib/liba.so)",
    `ld-linux-x86-64.so.2 => ${LOADER} (the loader itself)`,
  ]);
  assert.equal(loaded.interpreter?.resolved.facts?.kind, "file");
  assert.equal(loaded.isStatic, false);
  const first = loaded.libraries[0]?.outcome;
  assert.deepEqual(first?.kind === "found" && first.tried, [
    "/lib/x86_64-linux-gnu (default)",
    "/usr/lib/x86_64-linux-gnu (default)",
    "/lib (default)",
  ]);
});

test("a missing library says where it was looked for, and which files of its name are for another machine", () => {
  const loaded = loadMain({
    "/bin/main": writeElf({ interpreter: LOADER, needed: ["liba.so"], runpath: "/opt/lib" }),
    "/opt/lib/liba.so": library("liba.so", { machine: 3, bits: 32 }),
    "/usr/lib/liba.so": library("liba.so", { machine: 183 }),
  });
  assert.deepEqual(told(loaded), [
    "liba.so ?? /opt/lib (runpath of /bin/main), /lib/x86_64-linux-gnu (default), " +
      "/usr/lib/x86_64-linux-gnu (default), /lib (default), /usr/lib (default), " +
      "- /opt/lib/liba.so is for i386, - /usr/lib/liba.so is for aarch64",
  ]);
});

test("a file of another class or machine is passed by; what the loader cannot read ends the search", () => {
  const cases: [what: string, file: Parameters<typeof memoryTree>[1][string], outcome: string][] = [
    [
      "another class",
      library("l", { machine: 3, bits: 32 }),
      "=> /usr/lib/libx.so (default directory /usr/lib)",
    ],
    ["another machine", library("l", { machine: 183 }), "=> /usr/lib/libx.so (default directory /usr/lib)"],
    ["dangling", { symlink: "nowhere" }, "=> /usr/lib/libx.so (default directory /usr/lib)"],
    ["a loop", { symlink: "libx.so" }, "=> /usr/lib/libx.so (default directory /usr/lib)"],
    [
      "byte order",
      library("l", { endian: "big", machine: 21 }),
      "!! /opt/libx.so: it is for ppc64, big-endian",
    ],
    ["OS ABI", library("l", { osabi: 9 }), "!! /opt/libx.so: its OS ABI is 9"],
    ["a GNU ld script", "/* GNU ld script */ INPUT(libx.a)\n", "!! /opt/libx.so: it is no ELF file"],
    ["empty", "", "!! /opt/libx.so: it is empty"],
    ["a directory", { directory: 0o755 }, "!! /opt/libx.so: it is a directory"],
    ["a fifo", { fifo: 0o644 }, "!! /opt/libx.so: it is no regular file"],
    ["a program", library("l", { type: 2 }), "!! /opt/libx.so: it is a program, not a library"],
    ["a kernel module", library("l", { type: 1 }), "!! /opt/libx.so: it is neither a program nor a library"],
    ["static", writeElf({ isDynamic: false }), "!! /opt/libx.so: it has no dynamic section"],
    [
      "cut short",
      library("l").subarray(0, 100),
      "!! /opt/libx.so: the file ends before byte 176 (at byte 100)",
    ],
  ];
  for (const [what, file, outcome] of cases) {
    const loaded = loadMain({
      "/bin/main": writeElf({ interpreter: LOADER, needed: ["libx.so"], runpath: "/opt" }),
      "/opt/libx.so": file,
      "/usr/lib/libx.so": library("libx.so"),
    });
    assert.deepEqual(told(loaded), [`libx.so ${outcome}`], what);
  }
});

test("GNU's OS ABI is as good as none", () => {
  const loaded = loadMain({
    "/bin/main": program("liba.so"),
    "/lib/liba.so": library("liba.so", { osabi: 3 }),
  });
  assert.deepEqual(told(loaded), ["liba.so => /lib/liba.so (default directory /lib)"]);
});

test("the flags of an ABI must agree with the program's", () => {
  const cases: [machine: number, program: number, library: number, isFound: boolean, bits?: 32][] = [
    [243, 5, 5, true], // RISC-V: double floats both
    [243, 5, 4, true], // compressed instructions do not count
    [243, 5, 1, false], // soft floats
    [8, 0x70001405, 0x70001005, false], // MIPS: NaN as of 2008 in one
    [8, 0x70001005, 0x70001005, true],
    [21, 2, 2, true], // POWER: ELFv2 both
    [21, 2, 0, true], // the library says nothing
    [21, 2, 1, false],
    [8, 0x70001005, 0x70001205, false], // FP64
    [8, 0x70001005, 0x80000025, false, 32], // o32, n32
    [8, 0x80000005, 0x80000025, true], // in 64-bit files the bit of n32 says nothing
    [40, 0x05000400, 0x05000200, false], // ARM: hard floats, soft floats
    [40, 0x05000200, 0x05000400, false],
    [40, 0x05000400, 0x05000000, true], // the library says nothing
    [40, 0x05000000, 0x05000200, true],
  ];
  for (const [machine, flags, libraryFlags, isFound, bits = 64] of cases) {
    const tree = memoryTree("/tree", {
      "/bin/main": writeElf({ machine, bits, flags, interpreter: "/lib/ld.so.1", needed: ["liba.so"] }),
      "/lib/ld.so.1": writeElf({ machine, flags }),
      "/lib/liba.so": library("liba.so", { machine, bits, flags: libraryFlags }),
    });
    const kind = loadingOf(tree).load("/bin/main").libraries[0]?.outcome.kind;
    assert.equal(kind, isFound ? "found" : "missing", `${machine} ${flags} ${libraryFlags}`);
  }
});

test("RPATH is inherited, RUNPATH is not, and a RUNPATH shuts RPATHs out", () => {
  const files = (main: object, middle: object) => ({
    "/bin/main": writeElf({ interpreter: LOADER, needed: ["libm.so"], ...main }),
    "/opt/libm.so": library("libm.so", { needed: ["libdeep.so"], ...middle }),
    "/opt/libdeep.so": library("libdeep.so"),
  });
  const deep = (main: object, middle: object) => told(loadMain(files(main, middle)))[1]?.split(" ?? ")[0];
  assert.equal(deep({ rpath: "/opt" }, {}), "libdeep.so => /opt/libdeep.so (rpath of /bin/main)");
  assert.equal(deep({ runpath: "/opt" }, {}), "libdeep.so");
  assert.equal(deep({ rpath: "/opt" }, { runpath: "/x" }), "libdeep.so");
  assert.equal(
    deep({ rpath: "/opt" }, { rpath: "/x" }),
    "libdeep.so => /opt/libdeep.so (rpath of /bin/main)",
  );
  assert.equal(
    deep({ runpath: "/opt" }, { rpath: "$ORIGIN" }),
    "libdeep.so => /opt/libdeep.so (rpath of /opt/libm.so)",
  );
  // An RPATH beside a RUNPATH counts for nobody.
  assert.equal(deep({ rpath: "/opt", runpath: "/opt" }, {}), "libdeep.so");
});

test("RPATH comes before the recipe's libraryPath, RUNPATH after it, the default directories last", () => {
  const files = {
    "/a/libx.so": library("libx.so"),
    "/b/libx.so": library("libx.so"),
    "/lib/libx.so": library("libx.so"),
  };
  const found = (wish: object) =>
    told(
      loadMain({ ...files, "/bin/main": writeElf({ interpreter: LOADER, needed: ["libx.so"], ...wish }) }, [
        "b",
      ]),
    );
  assert.deepEqual(found({ rpath: "/a" }), ["libx.so => /a/libx.so (rpath of /bin/main)"]);
  assert.deepEqual(found({ runpath: "/a" }), ["libx.so => /b/libx.so (closure.libraryPath directory /b)"]);
  assert.deepEqual(found({}), ["libx.so => /b/libx.so (closure.libraryPath directory /b)"]);
});

test("an object without default libraries finds nothing there, and what it loads does", () => {
  const loaded = loadMain({
    "/etc/ld.so.conf": "/opt\n/lib/sub\n",
    "/bin/main": writeElf({
      interpreter: LOADER,
      needed: ["liba.so", "libopt.so", "libsub.so"],
      runpath: "/own",
      flags1: 0x800,
    }),
    "/own/liba.so": library("liba.so", { needed: ["libb.so"] }),
    "/lib/libb.so": library("libb.so"),
    "/opt/libopt.so": library("libopt.so"),
    "/lib/sub/libsub.so": library("libsub.so"),
  });
  assert.deepEqual(told(loaded), [
    "liba.so => /own/liba.so (runpath of /bin/main)",
    "libopt.so => /opt/libopt.so (/etc/ld.so.conf directory /opt)",
    "libsub.so ?? /own (runpath of /bin/main), /opt (/etc/ld.so.conf)",
    "libb.so => /lib/libb.so (default directory /lib)",
  ]);
});

test("$ORIGIN of a program is where its file lies, of a library where it was found", () => {
  const tree = memoryTree("/tree", {
    [LOADER]: loaderFile(),
    "/usr/bin/main": { symlink: "../../opt/app/bin/main" },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the loader's own form of a token
    "/opt/app/bin/main": writeElf({ interpreter: LOADER, needed: ["liba.so"], runpath: "${ORIGIN}/../lib/" }),
    "/opt/app/lib/liba.so": { symlink: "/srv/deep/liba.so.1" },
    "/srv/deep/liba.so.1": library("liba.so", { needed: ["libb.so"], runpath: "$ORIGIN/b" }),
    "/opt/app/lib/b/libb.so": library("libb.so"),
    "/srv/deep/b/libb.so": library("libb.so"),
  });
  const loaded = loadingOf(tree).load("/usr/bin/main");
  assert.deepEqual(told(loaded), [
    "liba.so => /opt/app/bin/../lib/liba.so (runpath of /opt/app/bin/main)",
    "libb.so => /opt/app/bin/../lib/b/libb.so (runpath of /srv/deep/liba.so.1)",
  ]);
  const first = loaded.libraries[0]?.outcome;
  assert.ok(first?.kind === "found");
  assert.equal(first.resolved.path, "srv/deep/liba.so.1");
  assert.deepEqual(first.resolved.links, [
    { path: "opt/app/lib/liba.so", to: "/srv/deep/liba.so.1", isFinal: true },
  ]);
});

test("$LIB is what the loader's own directories say, $PLATFORM the machine's plain name", () => {
  const loaded = loadMain({
    "/bin/main": writeElf({
      interpreter: LOADER,
      needed: ["liba.so", "libb.so", "libc.so"],
      rpath: "/opt/$LIB:/opt/$PLATFORM:/opt/$LIBX:/opt/${LIB",
    }),
    "/opt/lib/x86_64-linux-gnu/liba.so": library("liba.so"),
    "/opt/x86_64/libb.so": library("libb.so"),
    "/opt/$LIBX/libc.so": library("libc.so"),
  });
  assert.deepEqual(told(loaded), [
    "liba.so => /opt/lib/x86_64-linux-gnu/liba.so (rpath of /bin/main)",
    "libb.so => /opt/x86_64/libb.so (rpath of /bin/main)",
    "libc.so => /opt/$LIBX/libc.so (rpath of /bin/main)",
  ]);
});

test("elements that mean the working directory count for nothing", () => {
  const loaded = loadMain({
    "/bin/main": writeElf({ interpreter: LOADER, needed: ["liba.so"], rpath: ":lib::./lib:" }),
    "/lib/sub/liba.so": library("liba.so"),
    "/liba.so": library("liba.so"),
  });
  assert.equal(loaded.libraries[0]?.outcome.kind, "missing");
});

test("what is loaded already serves under its soname, its name and its path", () => {
  const loaded = loadMain({
    "/bin/main": program("libshort.so", "/opt/libp.so", "libuser.so"),
    "/lib/libshort.so": library("libreal.so.1"),
    "/opt/libp.so": library("libp.so.1"),
    "/lib/libuser.so": library("libuser.so", {
      needed: ["libreal.so.1", "libshort.so", "libp.so.1", "/opt/libp.so", "libuser.so"],
    }),
  });
  assert.deepEqual(told(loaded).slice(2), [
    "libuser.so => /lib/libuser.so (default directory /lib)",
    "libreal.so.1 => /lib/libshort.so (already loaded by /bin/main)",
    "libshort.so => /lib/libshort.so (already loaded by /bin/main)",
    "libp.so.1 => /opt/libp.so (already loaded by /bin/main)",
    "/opt/libp.so => /opt/libp.so (already loaded by /bin/main)",
    "libuser.so => /lib/libuser.so (already loaded by /bin/main)",
  ]);
});

test("a library that its own directories do not give is satisfied by an earlier one of the same program", () => {
  // As systemd: libsystemd-core has no RUNPATH and needs libsystemd-shared, which the program has loaded.
  const loaded = loadMain({
    "/bin/main": writeElf({ interpreter: LOADER, needed: ["libcore.so", "libshared.so"], runpath: "/opt" }),
    "/opt/libcore.so": library("libcore.so", { needed: ["libshared.so"] }),
    "/opt/libshared.so": library("libshared.so"),
  });
  assert.equal(told(loaded)[2], "libshared.so => /opt/libshared.so (already loaded by /bin/main)");
});

test("one file under two names is one library", () => {
  const loaded = loadMain({
    "/bin/main": program("liba.so", "libb.so"),
    "/lib/liba.so": writeElf({ needed: ["libdeep.so"] }),
    "/lib/libb.so": { symlink: "liba.so" },
    "/lib/libdeep.so": library("libdeep.so"),
  });
  assert.deepEqual(told(loaded), [
    "liba.so => /lib/liba.so (default directory /lib)",
    "libb.so => /lib/liba.so (already loaded by /bin/main)",
    "libdeep.so => /lib/libdeep.so (default directory /lib)",
  ]);
});

test("a filter needs its filtee, an auxiliary one takes it where it is there", () => {
  const loaded = loadMain({
    "/bin/main": program("libf.so", "libz.so"),
    "/lib/libf.so": library("libf.so", { filter: ["libgone.so"], auxiliary: ["libaux.so", "libnot.so"] }),
    "/lib/libaux.so": library("libaux.so", { needed: ["libdeep.so"] }),
    "/lib/libdeep.so": library("libdeep.so"),
    "/lib/libz.so": library("libz.so", { needed: ["libdeep.so"] }),
  });
  const short = loaded.libraries.map(({ soname, isOptional, outcome, by }) => [
    by,
    soname,
    isOptional,
    outcome.kind,
  ]);
  assert.deepEqual(short, [
    ["bin/main", "libf.so", false, "found"],
    ["bin/main", "libz.so", false, "found"],
    ["lib/libf.so", "libgone.so", false, "missing"],
    ["lib/libf.so", "libaux.so", true, "found"],
    ["lib/libf.so", "libnot.so", true, "missing"],
    ["lib/libaux.so", "libdeep.so", false, "found"],
    ["lib/libz.so", "libdeep.so", false, "found"],
  ]);
});

test("a static program loads nothing, a missing interpreter is told once", () => {
  assert.deepEqual(loadMain({ "/bin/main": writeElf({ isDynamic: false, type: 2 }) }).isStatic, true);
  const tree = memoryTree("/tree", {
    "/bin/main": program("libc.so.6"),
    "/lib64/libc.so.6": library("libc.so.6", { needed: ["ld-linux-x86-64.so.2"] }),
  });
  const loaded = loadingOf(tree).load("/bin/main");
  assert.equal(loaded.interpreter?.resolved.facts, null);
  assert.deepEqual(told(loaded), ["libc.so.6 => /lib64/libc.so.6 (default directory /lib64)"]);
});

test("a library alone is loaded as the tree's own loader would", () => {
  const tree = memoryTree("/tree", {
    [LOADER]: loaderFile(["/odd/lib"]),
    "/odd/lib/libc.so.6": library("libc.so.6", { needed: ["ld-linux-x86-64.so.2"] }),
    "/opt/plugin.so": library("plugin.so", { needed: ["libc.so.6"] }),
  });
  const loaded = loadingOf(tree).load("/opt/plugin.so");
  assert.equal(loaded.interpreter, null);
  assert.deepEqual(told(loaded), [
    "libc.so.6 => /odd/lib/libc.so.6 (default directory /odd/lib)",
    `ld-linux-x86-64.so.2 => ${LOADER} (the loader itself)`,
  ]);
});

test("a library of a store, where no loader lies at the usual place, gets the one beside its C library", () => {
  const libc = "/nix/store/h-glibc/lib";
  const tree = memoryTree("/tree", {
    [`${libc}/ld-linux-x86-64.so.2`]: loaderFile([libc]),
    [`${libc}/libc.so.6`]: library("libc.so.6", { needed: ["ld-linux-x86-64.so.2"] }),
    "/nix/store/h-z/lib/libz.so.1": library("libz.so.1", { needed: ["libc.so.6"], runpath: `/none:${libc}` }),
  });
  const { load } = loadingOf(tree);
  const itself = `ld-linux-x86-64.so.2 => ${libc}/ld-linux-x86-64.so.2 (the loader itself)`;
  const found = `libc.so.6 => ${libc}/libc.so.6 (runpath of /nix/store/h-z/lib/libz.so.1)`;
  assert.deepEqual(told(load("/nix/store/h-z/lib/libz.so.1")), [found, itself]);
  assert.deepEqual(told(load(`${libc}/libc.so.6`)), [itself]);
});

test("a relative name with a slash depends on where the program is started, and is not found", () => {
  const loaded = loadMain({ "/bin/main": program("./liba.so"), "/liba.so": library("liba.so") });
  assert.deepEqual(told(loaded), ["./liba.so ?? ./liba.so (relative)"]);
});

test("absolute symlinks stay inside the tree, and every one of them is told", () => {
  const loaded = loadMain({
    "/bin/main": program("liba.so"),
    "/usr/lib": { symlink: "/real/lib" },
    "/real/lib/liba.so": { symlink: "../../../../store/liba.so.1" },
    "/store/liba.so.1": library("liba.so"),
  });
  const outcome = loaded.libraries[0]?.outcome;
  assert.ok(outcome?.kind === "found");
  assert.equal(outcome.foundAt, "/usr/lib/liba.so");
  assert.deepEqual(
    outcome.resolved.links.map(({ path, isFinal }) => [path, isFinal]),
    [
      ["usr/lib", false],
      ["real/lib/liba.so", true],
    ],
  );
  assert.equal(outcome.resolved.path, "store/liba.so.1");
});
