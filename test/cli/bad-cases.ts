/** All that cannot be built or read, with a transcript each. */
import { BAD_COMPOSITIONS } from "./bad-compositions.ts";
import { BAD_GRAPHS } from "./bad-graphs.ts";
import { BAD_KERNELS } from "./bad-kernels.ts";
import { BAD_LOCKS } from "./bad-locks.ts";
import { BAD_CASES, type BadCase } from "./bad-recipes.ts";
import { BAD_SECRETS } from "./bad-secrets.ts";
import { BAD_UNPACKING } from "./bad-unpacking.ts";
import { BAD_WHYS } from "./bad-whys.ts";

export const ALL_CASES: readonly BadCase[] = [
  ...BAD_CASES,
  ...BAD_KERNELS,
  ...BAD_LOCKS,
  ...BAD_COMPOSITIONS,
  ...BAD_SECRETS,
  ...BAD_GRAPHS,
  ...BAD_WHYS,
  ...BAD_UNPACKING,
];
