import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../src/formats/format-error.ts";
import { parseRegistration } from "../../src/formats/nix-registration.ts";
import type { RegistrationErrorCode } from "../../src/formats/nix-registration-record.ts";
import { mutationsOf, seededRandom } from "./nix-random.ts";

const A = "/nix/store/2ysd87v9q17gm7kxpmmb4lqgn6ps39m5-lab-a";
const B = "/nix/store/7ig9cjdd02d1pknffyhzwf3qy7ly6z23-lab-b";
const C = "/nix/store/5pgh0d9ijrv6r6w64wn97p7dm2pf940f-lab-c";
const HEX = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const SRI = "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

/** As Nix 2.8 writes it for exportReferencesGraph. */
const GRAPH = `${A}\n\n1\n${B}\n${B}\n\n1\n${C}\n${C}\n\n0\n`;
/** As `nix-store --dump-db` writes it; the second record as closureInfo does. */
const DUMP = `${A}\n${HEX}\n336\n/nix/store/x.drv\n2\n${A}\n${B}\n${B}\nsha256:094qif9n4cq4fdg459qzbhg1c6wywawwaaivx0k0x8xhbyx4vwic\n120\n\n0\n`;

function parse(text: string) {
  return Object.fromEntries(parseRegistration(Buffer.from(text)));
}

function bare(...references: string[]) {
  return { references, narHash: null, narSize: null };
}

function full(narSize: number, ...references: string[]) {
  return { references, narHash: HEX, narSize };
}

test("reads the text of exportReferencesGraph", () => {
  assert.deepEqual(parse(GRAPH), { [A]: bare(B), [B]: bare(C), [C]: bare() });
});

test("reads registrations, with a hash in any spelling, and keeps self references", () => {
  assert.deepEqual(parse(DUMP), { [A]: full(336, A, B), [B]: full(120) });
});

test("reads files of both kinds, one behind the other, where they agree", () => {
  const joined = parse(`${GRAPH}${C}\n${HEX}\n96\n\n0\n${GRAPH}`);
  assert.deepEqual(joined, { [A]: bare(B), [B]: bare(C), [C]: full(96) });
  assertFails(`${C}\n\n0\n${C}\n\n1\n${B}\n`, "conflict", C.length + 4);
});

test("reads what `nix path-info --json` printed up to 2.18", () => {
  const list = [
    {
      path: A,
      narHash: SRI,
      narSize: 336,
      references: [B],
      deriver: "/nix/store/x.drv",
      registrationTime: 1,
    },
    { path: B, narHash: SRI, narSize: 120, references: [], ultimate: true },
    { path: C, valid: false },
  ];
  assert.deepEqual(parse(JSON.stringify(list)), { [A]: full(336, B), [B]: full(120) });
});

test("reads what `nix path-info --json` prints since 2.19", () => {
  const object = {
    [A]: { narHash: SRI, narSize: 336, references: [B], ca: null },
    [B]: { narHash: SRI, narSize: 120, references: [] },
    [C]: null,
  };
  assert.deepEqual(parse(JSON.stringify(object)), { [A]: full(336, B), [B]: full(120) });
});

test("reads the versioned form, in which names stand without the store directory", () => {
  const name = (path: string) => path.slice("/nix/store/".length);
  const versioned = {
    version: 3,
    storeDir: "/nix/store",
    info: {
      [name(A)]: { version: 3, storeDir: "/nix/store", narHash: SRI, narSize: 336, references: [name(B)] },
      [name(B)]: { narHash: SRI, narSize: 120, references: [] },
      [name(C)]: null,
    },
  };
  assert.deepEqual(parse(JSON.stringify(versioned)), { [A]: full(336, B), [B]: full(120) });
});

test("reads .attrs.json, every graph in it, and passes by the other attributes", () => {
  const record = (path: string, ...references: string[]) => {
    return { path, narHash: `sha256:${HEX}`, narSize: 120, closureSize: 999, references };
  };
  const attributes = {
    name: "ü",
    args: ["-c", "true"],
    env: { path: "/bin" },
    empty: [],
    closure: [record(A, B), record(B)],
    small: [record(B), record(C)],
  };
  assert.deepEqual(parse(JSON.stringify(attributes)), { [A]: full(120, B), [B]: full(120), [C]: full(120) });
});

test("nothing at all is a closure of nothing", () => {
  for (const empty of ["", "[]", "{}", " \n {} "]) assert.deepEqual(parse(empty), {});
});

test("refuses what is damaged, and says where", () => {
  assertFails("hello\n", "bad-path", 0);
  assertFails(`${A}\n${B}\n${C}\n`, "bad-count", A.length + B.length + 2); // a list of paths: closureInfo's store-paths
  assertFails(`${A}\n\n-1\n`, "bad-count", A.length + 2);
  assertFails(`${A}\n\n9007199254740993\n`, "bad-count", A.length + 2);
  assertFails(`${A}\n\n999999999\n${B}\n`, "bad-count", A.length + 2);
  assertFails(`${A}\n\n1\n/etc/passwd\n`, "bad-path", A.length + 4);
  assertFails(`${A}\nmd5:00\n1\n\n0\n`, "bad-hash", A.length + 1);
  assertFails(`${A}\n${HEX}\n1e3\n\n0\n`, "bad-size", A.length + HEX.length + 2);
  assertFails(`/nix/\x1b/${A.slice(11)}\n\n0\n`, "bad-path", 0);
  assertFails("{", "bad-json", 0);
  assertFails('[{"a":"\xff"}', "bad-json", 0);
  assertFails('{"name":"x"}', "bad-shape", 0);
  assertFails("[1]", "bad-shape", 0);
  assertFails(`{"${A}":{}}`, "bad-shape", 0);
  assertFails(`{"${A}":{"references":["x"]}}`, "bad-path", 0);
  assertFails(`{"${A}":{"references":[],"narSize":-1}}`, "bad-size", 0);
  assertFails(`{"${A}":{"references":[],"narHash":7}}`, "bad-hash", 0);
});

test("refuses every beginning of a file that does not end with a whole record", () => {
  const files = [
    { text: GRAPH, ends: [`\n1\n${B}\n`, `\n1\n${C}\n`] },
    { text: DUMP, ends: [`\n2\n${A}\n${B}\n`] },
  ];
  for (const { text, ends } of files) {
    const whole = ends.map((end) => text.indexOf(end) + end.length);
    for (let length = 1; length < text.length; length++) {
      if (whole.includes(length)) parse(text.slice(0, length));
      else assert.throws(() => parse(text.slice(0, length)), FormatError, `cut at ${length}`);
    }
  }
});

test("throws nothing but FormatError, whatever the bytes", () => {
  const random = seededRandom(20);
  const seeds = [
    GRAPH,
    DUMP,
    JSON.stringify([{ path: A, references: [B], narHash: SRI, narSize: 1 }]),
    `{"version":2,"storeDir":"/nix/store","info":{"${A.slice(11)}":{"references":[]}}}`,
  ];
  for (const seed of seeds) {
    for (const bytes of mutationsOf(Buffer.from(seed), 1500, random)) {
      try {
        parseRegistration(bytes);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }
  }
});

test("deep JSON and a long file cost no more than their length", () => {
  assertFails("[".repeat(1_000_000), "bad-json", 0);
  assertFails(`${"[".repeat(50_000)}${"]".repeat(50_000)}`, "bad-shape", 0);
  assert.equal(parseRegistration(Buffer.from(`${A}\n\n1\n${B}\n`.repeat(50_000))).size, 1);
});

function assertFails(text: string, code: RegistrationErrorCode, offset: number): void {
  assert.throws(
    () => parseRegistration(Buffer.from(text, "latin1")),
    (error) => {
      assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
      assert.deepEqual({ code: error.code, offset: error.offset }, { code, offset });
      return true;
    },
  );
}
