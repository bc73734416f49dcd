/** How the closure is found: the parts of a recipe's `closure` that are shapes of their own. */
import { z } from "zod";
import { path } from "./schema-values.ts";

const STORE = "whole, files, content-pure, or [files, content-pure]";

export const store = z
  .union(
    [
      z.enum(["whole", "files", "content-pure"], { error: STORE }),
      z
        .array(z.enum(["files", "content-pure"], { error: "files or content-pure" }), { error: STORE })
        .min(1, {
          error: STORE,
        }),
    ],
    { error: STORE },
  )
  .meta({
    description:
      "What comes of a store path: all of it and all that it refers to, as Nix copies it (whole, the default), or only the files that are reached through ELF, scripts and symlinks, as nixpkgs' make-initrd-ng does it (files). content-pure names store paths by their contents alone, wherever the image names them: equal contents give equal images, whatever was built to get them.",
    examples: ["files", "content-pure", ["files", "content-pure"]],
  });

export const references = z
  .union(
    [
      z.enum(["scan", "nix"], { error: "scan, nix, {files: […]} or {database: …}" }),
      z.strictObject({
        files: z
          .array(path(), { error: "a list of files" })
          .min(1, { error: "a list of one file or more" })
          .meta({
            description: "Closure files: exportReferencesGraph's text, or closureInfo's registration.",
          }),
      }),
      z.strictObject({ database: path().meta({ description: "Nix's db.sqlite." }) }),
    ],
    { error: "scan, nix, {files: […]} or {database: …}" },
  )
  .meta({
    description:
      "How references between store paths are found: scan their bytes (the default), ask nix, read closure files, or read Nix's database. All ways agree.",
    examples: ["scan", { files: ["./closure"] }],
  });

export const loaderCache = z.enum(["auto", "always", "never"], { error: "auto, always or never" }).meta({
  description:
    "Whether the image gets an /etc/ld.so.cache as ldconfig would write it there: auto (the default) where a library lies in a directory that only /etc/ld.so.conf names; always; never (such a library is then missing). One that the recipe brings itself stays.",
});
