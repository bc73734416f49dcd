/** Directories that live as long as a test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** An empty directory, removed after the test. */
export function scratchDirectory(t: Pick<TestContext, "after">): string {
  const directory = mkdtempSync(join(tmpdir(), "initgraph-test-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
