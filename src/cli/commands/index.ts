/** All verbs, in the order in which the help lists them. */
import type { AnyCommand, CommandGroup } from "../command.ts";
import { boot } from "./boot.ts";
import { build } from "./build.ts";
import { cache } from "./cache.ts";
import { cat } from "./cat.ts";
import { check } from "./check.ts";
import { completion } from "./completion.ts";
import { diff } from "./diff.ts";
import { explain } from "./explain.ts";
import { graph } from "./graph.ts";
import { importImage } from "./import.ts";
import { init } from "./init.ts";
import { ldd } from "./ldd.ts";
import { lock } from "./lock.ts";
import { ls } from "./ls.ts";
import { plan } from "./plan.ts";
import { reseal } from "./reseal.ts";
import { schema } from "./schema.ts";
import { size } from "./size.ts";
import { unpack } from "./unpack.ts";
import { verify } from "./verify.ts";
import { why } from "./why.ts";
import { whyNot } from "./why-not.ts";
import { wrap } from "./wrap.ts";

export const COMMANDS: readonly (AnyCommand | CommandGroup)[] = [
  build,
  plan,
  lock,
  verify,
  init,
  importImage,
  ls,
  size,
  cat,
  check,
  unpack,
  why,
  whyNot,
  diff,
  wrap,
  reseal,
  graph,
  boot,
  ldd,
  cache,
  explain,
  schema,
  completion,
];
