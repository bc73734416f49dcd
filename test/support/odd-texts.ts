/** Texts that try to leave the place they are put in. */
export const ODD_TEXTS: readonly string[] = [
  "</script><script>alert(1)</script>",
  "<!-- <script> -->",
  "]]><img src=x onerror=alert(1)>",
  `"quoted" 'both' \\ &amp; &#60;`,
  "\u2028line\u2029paragraph\u0000nul\u001besc",
  "\u202egnp.exe",
  "\ud800 alone",
  "__proto__",
  "$& $1 $` \\u003c",
];
