/**
 * What package databases say of licences: often an SPDX expression, often words of their own. An expression counts
 * only where every name in it is one that distributions use and https://spdx.org/licenses/ has.
 */

const LICENSES: ReadonlySet<string> = new Set(
  `0BSD AFL-2.1 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1 Apache-2.0 Artistic-1.0-Perl Artistic-2.0 BSD-1-Clause BSD-2-Clause
  BSD-2-Clause-Views BSD-3-Clause BSD-4-Clause BSD-4-Clause-UC BSD-Source-Code BSL-1.0 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0
  CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 FSFAP FSFUL FSFULLR FTL GFDL-1.1-or-later GFDL-1.2-or-later GFDL-1.3-only GFDL-1.3-or-later
  GPL-1.0-only GPL-1.0-or-later GPL-2.0 GPL-2.0-only GPL-2.0-or-later GPL-2.0+ GPL-3.0 GPL-3.0-only GPL-3.0-or-later GPL-3.0+
  HPND HPND-sell-variant ICU ISC LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1-only LGPL-2.1-or-later LGPL-2.1+
  LGPL-3.0-only LGPL-3.0-or-later LPL-1.02 Libpng MIT MIT-0 MIT-CMU MIT-Modern-Variant MPL-1.1 MPL-2.0 MPL-2.0-no-copyleft-exception
  NCSA NTP OFL-1.1 OLDAP-2.8 OpenSSL PSF-2.0 Python-2.0 Ruby SSH-OpenSSH Sleepycat TCL Unicode-3.0 Unicode-DFS-2016 Unlicense
  UPL-1.0 Vim W3C WTFPL X11 Zlib ZPL-2.1 blessing bzip2-1.0.6 curl libtiff snprintf zlib-acknowledgement`.split(
    /\s+/,
  ),
);

const EXCEPTIONS: ReadonlySet<string> = new Set([
  "Autoconf-exception-2.0",
  "Autoconf-exception-3.0",
  "Bison-exception-2.2",
  "Classpath-exception-2.0",
  "GCC-exception-2.0",
  "GCC-exception-3.1",
  "LLVM-exception",
  "Libtool-exception",
  "Linux-syscall-note",
  "openvpn-openssl-exception",
]);

/** Every name that counts as known. */
export const KNOWN_LICENSES: readonly string[] = [...LICENSES, ...EXCEPTIONS];

/** Whether it is an expression of known names: SPDX 2.3, annex D. */
export function isKnownExpression(text: string): boolean {
  const words = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const isTerm = (): boolean => {
    const word = words[at++];
    if (word === "(") return isExpression() && words[at++] === ")";
    if (word === undefined || !LICENSES.has(word)) return false;
    if (words[at] !== "WITH") return true;
    at += 2;
    return EXCEPTIONS.has(words[at - 1] ?? "");
  };
  const isExpression = (): boolean => {
    if (!isTerm()) return false;
    while (words[at] === "AND" || words[at] === "OR") {
      at += 1;
      if (!isTerm()) return false;
    }
    return true;
  };
  return isExpression() && at === words.length;
}
