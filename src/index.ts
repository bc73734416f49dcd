/** The face of the library: the same engine as the command line, without a terminal. */
export type { BuildResult } from "./carry-out.ts";
export type { Digest } from "./core/digest.ts";
export type { DirectoryEntry, Entry, FileEntry, SpecialEntry, SymlinkEntry } from "./core/entry.ts";
export { type ByteString, bytesOf, parseTargetPath, showPath, type TargetPath } from "./core/path.ts";
export type { Progress, ProgressEvent } from "./core/ports.ts";
export { BuildFailure, type Problem, type ProblemCode } from "./core/problem.ts";
export type { Span } from "./core/span.ts";
export type { Claim, Closure } from "./graph/graph.ts";
export { fileNode, type NodeId, type Reason, type Reference, ReferenceGraph } from "./graph/references.ts";
export type { Image, ImageMember } from "./image/image.ts";
export type { ImageListing } from "./inspect/list-image.ts";
export { type BuildOptions, build, closureOf, listImage, type RecipeOptions } from "./library.ts";
export type { Plan } from "./plan/plan.ts";
export type { SbomFormat } from "./sbom/describe-image.ts";
export { recipeJsonSchema } from "./spec/json-schema.ts";
