/** The key "uki": what goes into one file with the image for UEFI. */
import { z } from "zod";
import { line, path } from "./schema-values.ts";

const content = () =>
  z.union(
    [
      z.string({ error: "text" }),
      z.strictObject({ source: path().meta({ description: "A file that holds it." }) }),
    ],
    { error: "text, or {source}" },
  );

export const uki = z
  .strictObject(
    {
      stub: path().meta({
        description: "systemd-stub, as systemd-boot-efi of Debian has it.",
        examples: ["/usr/lib/systemd/boot/efi/linuxx64.efi.stub"],
      }),
      kernel: path().meta({
        description: "A kernel with an EFI stub, not compressed.",
        examples: ["/boot/vmlinuz-6.12.0-amd64"],
      }),
      cmdline: content()
        .optional()
        .meta({
          description:
            "The kernel's command line: text, whose white space is one blank each, or {source} as it is. Default: none; the boot loader's counts.",
          examples: ["console=ttyS0 quiet"],
        }),
      osRelease: content()
        .optional()
        .meta({
          description: "os-release, without which systemd-boot does not list the image: text, or {source}.",
          examples: [{ source: "/etc/os-release" }],
        }),
      uname: line("a kernel's version, as uname -r says it")
        .optional()
        .meta({ description: "The kernel's version. Default: as the kernel says." }),
      fdt: path().optional().meta({ description: "A device tree (.dtb)." }),
      splash: path().optional().meta({ description: "A picture (.bmp) that is shown at the start." }),
      pcrPublicKey: path().optional().meta({ description: "The public key for signatures of PCR values." }),
      microcode: path().optional().meta({
        description:
          "A plain cpio archive that the kernel gets before all others. prepend does it for any boot loader.",
      }),
    },
    { error: "a map with stub and kernel" },
  )
  .meta({
    description:
      "Wrap the image as a unified kernel image (.efi), as ukify lays it out. Files: /… in the sysroot, /nix/store/… in the store, ./… beside the recipe.",
    examples: [
      {
        stub: "/usr/lib/systemd/boot/efi/linuxx64.efi.stub",
        kernel: "/boot/vmlinuz-6.12.0-amd64",
        cmdline: "console=ttyS0",
        osRelease: { source: "/etc/os-release" },
      },
    ],
  });
