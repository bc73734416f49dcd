/**
 * Makes what the package holds as bundles: the program, and a script and a style sheet for each kind of HTML page that
 * it writes (a directory of src/client with a main.ts).
 */
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "rolldown";

const CLIENT = "src/client";
const PROGRAM = "dist/bin/cli";

await build({
  input: ["dist/src/cli/main.js", "dist/src/codecs/gzip-worker.js"],
  output: { dir: PROGRAM, cleanDir: true, format: "esm" },
  platform: "node",
  external: ["@toondepauw/node-zstd"],
  logLevel: "warn",
});
// npm makes a program executable when it first links to it, and not when it was built again.
chmodSync(join(PROGRAM, "main.js"), 0o755);

const pages = readdirSync(CLIENT).filter((name) => existsSync(join(CLIENT, name, "main.ts")));
await build(
  pages.map((name) => ({
    input: join(CLIENT, name, "main.ts"),
    output: { file: join(PROGRAM, "client", `${name}.js`), format: "iife", minify: true },
    platform: "browser",
    // Its paths lead to types, and here code is wanted.
    tsconfig: false,
    plugins: [stylesOf(name)],
    logLevel: "warn",
  })),
);

/** What all pages share, then its own. */
function stylesOf(name) {
  const files = [join(CLIENT, "shared/page.css"), join(CLIENT, name, "style.css")];
  return {
    name: "styles",
    generateBundle() {
      const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
      this.emitFile({ type: "asset", fileName: `${name}.css`, source });
    },
  };
}
