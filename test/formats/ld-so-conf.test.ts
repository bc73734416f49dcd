import assert from "node:assert/strict";
import { test } from "node:test";
import type { ByteString } from "../../src/core/path.ts";
import { type LdSoConfLine, parseLdSoConf } from "../../src/formats/ld-so-conf.ts";

const directory = (path: string) => ({ kind: "directory", path });
const include = (pattern: string) => ({ kind: "include", pattern });
const ignored = (line: string) => ({ kind: "ignored", line });

test("reads directories, includes and what ldconfig passes by, in order", () => {
  const text = [
    "# libc default configuration",
    "include /etc/ld.so.conf.d/*.conf",
    "  /usr/local/lib/  # with a comment",
    "",
    "include a.conf\t b/*.conf ",
    "/opt/with space/lib\t",
    "/opt/one:/opt/two,/opt/three",
    "hwcap 1 nosegneg",
    "relative/lib",
    "/usr/lib/old=libc5",
    "/opt/a=b",
    "includes/not",
    "/",
    "/caf\xe9",
  ].join("\n");
  assert.deepEqual(parse(text), [
    include("/etc/ld.so.conf.d/*.conf"),
    directory("/usr/local/lib"),
    include("a.conf"),
    include("b/*.conf"),
    directory("/opt/with space/lib"),
    directory("/opt/one:/opt/two,/opt/three"),
    ignored("hwcap 1 nosegneg"),
    ignored("relative/lib"),
    directory("/usr/lib/old"),
    directory("/opt/a=b"),
    ignored("includes/not"),
    directory("/caf\xe9"),
  ]);
});

test("carriage returns and NUL bytes do no harm", () => {
  assert.deepEqual(parse("/a\r\n\r\n/b\0/c\n"), [directory("/a"), directory("/b")]);
});

test("an include without a pattern includes nothing", () => {
  assert.deepEqual(parse("include \ninclude\t\n"), []);
});

function parse(text: string): LdSoConfLine[] {
  return parseLdSoConf(text as ByteString);
}
