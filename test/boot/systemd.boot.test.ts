/** The systemd recipe starts systemd, which comes to its initrd target, and the programs beside it run. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { ociLayout, tarEntriesOf, tarOf, writeTar } from "../support/tar-writer.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const TREE = "sysroot-arm64-systemd";
const tools = requireTool("qemu-system-aarch64", "tar", "gzip");
const canBoot = requireAll(tools, requireLabTree(TREE, "kernels/arm64"));

/** All there is of an initrd runs, up to the switch, which fails: nothing is in this root. */
const EMPTY_ROOT = "root=tmpfs rootfstype=tmpfs TERM=dumb systemd.show_status=1";

/** In place of the emergency shell that follows. */
const CHECK = `
  /etc/systemd/system/emergency.service.d/check.conf: |
    [Service]
    ExecStart=
    ExecStart=-/check
  /check: |
    #!/bin/sh
    systemctl --failed --plain --no-legend --no-pager
    echo "were failed"
    journalctl --no-pager -q -o cat
    lvm version && cryptsetup --version && veritysetup --version && btrfs --version && fsck.ext4 -V &&
      ip -brief link && ping -V && networkctl --version && udevadm info /sys/class/net/lo &&
      modprobe -a dm_crypt dm_snapshot btrfs && grep btrfs /proc/filesystems && dmsetup version &&
      head -c 32M /dev/zero > /run/disk && cryptsetup luksFormat -q --pbkdf-memory 65536 /run/disk /check &&
      cryptsetup luksDump /run/disk
    echo "check ended: $?"
`;

test(
  "the systemd recipe, from another machine's OCI archive, boots to systemd's initrd target",
  canBoot,
  async (t) => {
    const [scratch, other] = [scratchDirectory(t), scratchDirectory(t)];
    const recipe = join(scratch, "systemd.yaml");
    writeFileSync(recipe, `arch: aarch64\n${readFileSync(join(RECIPES, "systemd.yaml"))}${CHECK}`);
    const image = buildRecipe(recipe, scratch, "--sysroot", archiveOf(labTree(TREE), scratch));
    const fromDirectory = buildRecipe(recipe, other, "--sysroot", labTree(TREE));
    assert.ok(readFileSync(image).equals(readFileSync(fromDirectory)), "a directory gives another image");

    const said = await boot({
      machine: "arm64",
      image,
      memoryMiB: 1024,
      kernelArguments: EMPTY_ROOT,
      timeoutMs: 240_000,
      turns: [{ expect: /Reached target initrd\.target - Initrd Default Target/ }],
      until: /\ncheck ended: \d+\n/,
    });
    assert.match(said, /\ncheck ended: 0\n/);
    const [, failed] = /\n([^\n]*\n)were failed\n/.exec(said) ?? [];
    assert.match(failed ?? "", /^initrd-switch-root\.service .*\n$/);
    assert.doesNotMatch(said, /cannot open shared object|status=203|Unknown (?:user|group)/);
  },
);

/** What the switch hands over to. systemd looks for os-release before it believes in a system. */
const REAL_INIT = `#!/bin/busybox sh
echo "the real init runs: $$ $(/bin/busybox cat /etc/os-release)"
/bin/busybox grep " / " /proc/mounts
echo "kept: $(/bin/busybox ls -d /dev/vda /sys/block/vda 2>&1)"
echo "left behind: $(/bin/busybox ls -d /etc/initrd-release /usr/lib/systemd 2>&1)"
echo "real init ended"
exec /bin/busybox sleep 1000
`;

/** Debian 12's systemd and Debian 13's, with their own kernels; the modules of the second are compressed. */
const ROOTS = [
  { tree: TREE, machine: "arm64", program: "qemu-system-aarch64" },
  { tree: "sysroot-amd64-trixie-systemd", machine: "x86", program: "qemu-system-x86_64" },
] as const;

for (const { tree, machine, program } of ROOTS) {
  const needed = requireAll(requireTool(program, "mke2fs"), requireLabTree(tree, `kernels/${machine}`));
  test(
    `the systemd recipe on ${tree} finds, checks, mounts and switches to the real root`,
    needed,
    async (t) => {
      const scratch = scratchDirectory(t);
      const said = await boot({
        machine,
        image: buildRecipe(join(RECIPES, "systemd.yaml"), scratch, "--sysroot", labTree(tree)),
        kernel: kernelIn(labTree(tree)),
        disk: rootDisk(machine, scratch),
        memoryMiB: 1024,
        kernelArguments: "root=LABEL=real-root rw TERM=dumb systemd.show_status=1",
        timeoutMs: 240_000,
        turns: [
          { expect: /systemd-fsck-root\.service|File System Check on/ },
          { expect: /Reached target initrd\.target - Initrd Default Target/ },
        ],
        until: /\nreal init ended\n/,
      });
      assert.doesNotMatch(said, /FAILED|cannot open shared object|status=203|Unknown (?:user|group)/);
      assert.match(said, /\nthe real init runs: 1 ID=real\n/);
      assert.match(said, /\n\/dev\/vda \/ ext4 rw/);
      const gone = /\nleft behind: ls: \/etc\/initrd-release: No such .*\nls: \/usr\/lib\/systemd: No such/;
      assert.match(said, gone);
      assert.match(said, /\nkept: \/dev\/vda\n\/sys\/block\/vda\n/);
    },
  );
}

function kernelIn(tree: string): string {
  const [name] = readdirSync(join(tree, "boot")).filter((file) => file.startsWith("vmlinuz-"));
  assert.ok(name !== undefined, `no kernel in ${tree}/boot`);
  return join(tree, "boot", name);
}

/** An ext4 of a busybox and an init, made without root rights. */
function rootDisk(machine: string, scratch: string): string {
  const [tree, disk] = [join(scratch, "real-root"), join(scratch, "disk.img")];
  for (const name of ["bin", "dev", "etc", "proc", "run", "sbin", "sys", "tmp", "usr"]) {
    mkdirSync(join(tree, name), { recursive: true });
  }
  copyFileSync(labTree(`kernels/${machine}/busybox`), join(tree, "bin/busybox"));
  writeFileSync(join(tree, "etc/os-release"), "ID=real\n");
  writeFileSync(join(tree, "sbin/init"), REAL_INIT, { mode: 0o755 });
  execFileSync("mke2fs", ["-q", "-t", "ext4", "-L", "real-root", "-d", tree, disk, "64M"], { stdio: "pipe" });
  return disk;
}

/** Three layers, of which the last hides what the first alone has, beside an image for another machine. */
function archiveOf(tree: string, scratch: string): string {
  const [layer, archive] = [join(scratch, "layer.tar.gz"), join(scratch, "image.tar")];
  const options = ["--owner=0", "--group=0", "--numeric-owner", "--exclude=./boot", "--exclude=./usr/share"];
  execFileSync("tar", ["-C", tree, ...options, "-I", "gzip -1", "-cf", layer, "."]);
  const early = { "/usr/lib/os-release": "ID=early\n", "/usr/lib/sysctl.d/early.conf": "kernel.panic = 1\n" };
  const layers = [
    writeTar(tarEntriesOf(early)),
    readFileSync(layer),
    writeTar(tarEntriesOf({ "/usr/lib/sysctl.d/.wh.early.conf": "" })),
  ];
  const images = [
    { platform: { architecture: "amd64", os: "linux" }, layers: [] },
    { platform: { architecture: "arm64", os: "linux", variant: "v8" }, layers },
  ];
  writeFileSync(archive, tarOf(ociLayout(images)));
  return archive;
}
