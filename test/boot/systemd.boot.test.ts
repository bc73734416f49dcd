/** The systemd recipe starts systemd, which comes to its initrd target, and leaves a shell in which all of it works. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const recipe = join(RECIPES, "systemd.yaml");
const TREE = "sysroot-arm64-systemd";
const canBoot = requireAll(requireTool("qemu-system-aarch64"), requireLabTree(TREE, "kernels/arm64"));

/** An empty root: all there is of an initrd runs, up to the switch, which has nowhere to go and leaves a shell. */
const EMPTY_ROOT = [
  "root=tmpfs rootfstype=tmpfs",
  "TERM=dumb systemd.show_status=1 systemd.setenv=SYSTEMD_SULOGIN_FORCE=1",
].join(" ");

test(
  "the systemd recipe, from a tree of another machine, boots to systemd's initrd target",
  canBoot,
  async (t) => {
    const image = buildRecipe(recipe, scratchDirectory(t), "--sysroot", labTree(TREE));
    const said = await boot({
      machine: "arm64",
      image,
      memoryMiB: 1024,
      kernelArguments: EMPTY_ROOT,
      timeoutMs: 150_000,
      turns: [
        { expect: /Reached target initrd\.target - Initrd Default Target/ },
        { expect: /Press Enter for maintenance[\s\S]*\): /, send: "" },
        { expect: /# /, send: "systemctl --failed --plain --no-legend --no-pager; echo $((6 * 7)) failed" },
        {
          expect: /\n42 failed\n[\s\S]*# /,
          send: "lvm version && cryptsetup --version && btrfs --version; echo $?",
        },
        {
          expect: /\n0\n[\s\S]*# /,
          send: "ping -V && ip -brief link && udevadm --version && fsck.ext4 -V; echo $?",
        },
        {
          expect: /\n0\n[\s\S]*# /,
          send: "journalctl --no-pager -q -p warning -o cat; echo $((7 * 7)) warnings",
        },
      ],
      until: /\n49 warnings\n/,
    });
    const [, failed] = /no-pager; echo [^\n]*\n([\s\S]*?)42 failed\n/.exec(said)!;
    // and nothing else
    assert.match(failed!, /^initrd-switch-root\.service .*\n$/);
    assert.doesNotMatch(
      said,
      /No such file or directory.*(?:lib|\.so)|cannot open shared object|status=203|Unknown (?:user|group)/,
    );
  },
);
