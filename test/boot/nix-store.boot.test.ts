/** A root of nothing but store paths, and the symlinks that make-initrd.nix would make. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe, RECIPES } from "../support/initgraph.ts";
import { nixRoot } from "../support/nix-recipe.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const needed = requireAll(requireTool("qemu-system-x86_64"), requireLabTree("kernels/x86", "nix-stage1"));

for (const store of ["whole", "[files, content-pure]"])
  test(`the kernel starts /init through its symlink into the store, ${store}`, needed, async (t) => {
    const scratch = scratchDirectory(t);
    const recipe = join(scratch, "nix-store.yaml");
    writeFileSync(recipe, `include: [${join(RECIPES, "nix-store.yaml")}]\nstore: ${store}\n`);
    const image = buildRecipe(recipe, scratch, "--sysroot", nixRoot());
    await boot({
      machine: "x86",
      image,
      turns: [
        { expect: /nix stage 1 ready/ },
        {
          expect: /# /,
          send: "/bin/busybox readlink /init | /bin/busybox cut -c 1-11; echo /dev /proc /sys",
        },
      ],
      until: /\n\/nix\/store\/\n\/dev \/proc \/sys\n/,
    });
  });
