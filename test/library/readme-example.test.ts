/** The README's example of the library is run as it stands there. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { BuildFailure, build, closureOf } from "../../src/index.ts";
import { scratchDirectory } from "../support/scratch.ts";

function makeRecipe(directory: string): void {
  mkdirSync(join(directory, "root/usr/bin"), { recursive: true });
  writeFileSync(join(directory, "root/usr/bin/sh"), "a shell", { mode: 0o755 });
  writeFileSync(join(directory, "root/usr/bin/tool"), "#!/usr/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(directory, "initrd.yaml"), "sysroot: ./root\ncontents:\n  - object: /usr/bin/tool\n");
}

test("the README's example runs and says what it promises", (t) => {
  const directory = scratchDirectory(t);
  makeRecipe(directory);
  const [, example = ""] =
    /```ts\n(import \{ build[\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
  assert.notEqual(example, "");
  const library = resolve("dist/src/index.js");
  const script = example.replace('"initgraph"', JSON.stringify(library)).replaceAll(/(?<=[\])])!/g, "");
  writeFileSync(join(directory, "example.mjs"), script);
  const printed = execFileSync(process.execPath, ["example.mjs"], { cwd: directory, encoding: "utf8" }).split(
    "\n",
  );
  assert.match(printed[0]!, /^sha256-[0-9a-f]{64} \d+ 5$/);
  assert.match(printed[1]!, /^named \/usr\/bin\/tool file:usr\/bin\/tool$/);
  assert.match(printed[2]!, /^shebang #!\/usr\/bin\/sh file:usr\/bin\/sh$/);
  assert.match(printed[3]!, /^2 5 \/usr\/bin\/sh$/);
});

test("what goes wrong is data", async (t) => {
  const directory = scratchDirectory(t);
  makeRecipe(directory);
  const recipe = join(directory, "initrd.yaml");
  writeFileSync(recipe, "sysroot: ./root\ncontents:\n  - object: /usr/bin/toool\n");
  await assert.rejects(build({ recipe, out: join(directory, "result"), cache: null }), (error) => {
    assert.ok(error instanceof BuildFailure);
    assert.deepEqual(
      error.problems.map(({ code }) => code),
      ["graph/object-not-found"],
    );
    return true;
  });
  await assert.rejects(closureOf({ recipe }), BuildFailure);
});

test("variables are set as on the command line", async (t) => {
  const directory = scratchDirectory(t);
  makeRecipe(directory);
  const recipe = join(directory, "board.yaml");
  writeFileSync(recipe, `include: [./initrd.yaml]\nvars: { NAME: sh }\nname: board-\${NAME}\n`);
  const built = await build({
    recipe,
    out: join(directory, "result"),
    cache: null,
    variables: { NAME: "tool" },
  });
  assert.equal(built.spec.name, "board-tool");
  const misspelt = closureOf({ recipe, cache: null, variables: { NAEM: "tool" } });
  await assert.rejects(misspelt, (error) => {
    assert.ok(error instanceof BuildFailure);
    const [problem] = error.problems;
    return problem?.code === "spec/undeclared-variable" && problem.nearest === "NAME";
  });
});
