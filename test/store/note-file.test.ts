import assert from "node:assert/strict";
import { utimesSync } from "node:fs";
import { test } from "node:test";
import { MOST_AGE_MS, readNote, writeNote } from "../../src/store/note-file.ts";
import { scratchDirectory } from "../support/scratch.ts";

const TITLE = "a note 1\n";

test("a note is believed from the moment it is written until it is a day old, and not from the future", (t) => {
  const file = `${scratchDirectory(t)}/note`;
  writeNote(file, TITLE, [Buffer.from("word")], "owner");
  const writtenMs = 1_700_000_000_123;
  const withinTheMillisecond = (writtenMs + 0.75) / 1000;
  utimesSync(file, withinTheMillisecond, withinTheMillisecond);
  const readAt = (nowMs: number) => readNote(file, TITLE, nowMs)?.toString() ?? null;
  assert.equal(readAt(writtenMs), "word");
  assert.equal(readAt(writtenMs + MOST_AGE_MS), "word");
  assert.equal(readAt(writtenMs + MOST_AGE_MS + 1), null);
  assert.equal(readAt(writtenMs - 1), null);
});
