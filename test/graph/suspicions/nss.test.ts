import assert from "node:assert/strict";
import { test } from "node:test";
import { writeElf } from "../../support/elf-writer.ts";
import { warningsOf } from "./closing.ts";

const SYSROOT = {
  "/usr/lib/libc.so.6": writeElf({
    soname: "libc.so.6",
    tail: "\0_nss_files_endpwent\0_nss_dns_getcanonname_r\0",
  }),
  "/usr/lib/libnss_ldap.so.2": writeElf({ soname: "libnss_ldap.so.2" }),
  "/usr/lib/libnss_files.so.2": writeElf({ soname: "libnss_files.so.2" }),
  "/usr/lib/libnss_db.so.2": writeElf({ soname: "libnss_db.so.2" }),
  "/etc/nsswitch.conf":
    "# wins\npasswd: files [SUCCESS=merge] ldap # db\nhosts: files dns\ngroup: ldap nis\n",
};
const CONFIGURATION = "/etc/nsswitch.conf";

test("a service that nsswitch.conf names and the tree has is missed, by its library", () => {
  assert.deepEqual(warningsOf(SYSROOT, ["/usr/lib/libc.so.6", CONFIGURATION]), [
    { code: "graph/nss-modules", configuration: CONFIGURATION, modules: ["/usr/lib/libnss_ldap.so.2"] },
  ]);
});

test("there is nothing to say with the module in the image, or without configuration, or without glibc", () => {
  const all = ["/usr/lib/libc.so.6", CONFIGURATION, "/usr/lib/libnss_ldap.so.2"];
  for (const left of ["none", ...all]) {
    const objects = all.filter((one) => one !== left);
    const expected = left === "/usr/lib/libnss_ldap.so.2" ? 1 : 0;
    assert.equal(warningsOf(SYSROOT, objects).length, expected, left);
  }
});
