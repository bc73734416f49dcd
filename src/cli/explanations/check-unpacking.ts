/** Explanations of what `check` finds: what the kernel's unpacker makes of an image's bytes. */
import type { UnpackingFinding } from "../../check/findings/unpacking.ts";
import type { Explanation } from "./explanation.ts";

const PADDED = "$ (cat a.img; head -c 1 /dev/zero; cat b.cpio) > initrd.img";
const REBUILD = "make the image again, or copy it again and compare digests";

export const CHECK_UNPACKING: Readonly<Record<UnpackingFinding["code"], Explanation>> = {
  "check/misaligned-archive": {
    title: "a plain archive does not begin at a multiple of four",
    happened:
      "The kernel looks for a plain archive at multiples of four from the start of the image only. Elsewhere it says `invalid magic`, and what follows is lost.",
    causes: ["a plain archive appended to a compressed one with `cat`"],
    remedies: [
      "put zeros in front of it, up to a multiple of four",
      "compress it: compressed members may begin anywhere",
    ],
    example: "# a.img.gz has an odd length\n$ cat a.img.gz b.cpio > initrd.img && initgraph check initrd.img",
    mended: "$ (cat a.img.gz; head -c 3 /dev/zero; cat b.cpio) > initrd.img && initgraph check initrd.img",
  },
  "check/broken-padding": {
    title: "something behind an entry does not begin at a multiple of four",
    happened:
      "Entries and the zeros between them are counted in fours. One byte too many or too few, and the kernel reads headers from the wrong place.",
    causes: ["an archive written by a program of one's own", "bytes inserted or removed by hand"],
    remedies: ["write the archive with `cpio -o -H newc` or initgraph"],
    example: `${PADDED} && initgraph check initrd.img`,
    mended: null,
  },
  "check/unknown-data": {
    title: "the kernel stops at bytes that it does not know, before an archive",
    happened:
      "Between members only zeros may stand. At anything else unpacking ends, and the archive behind it is lost.",
    causes: ["a text or a signature between two archives", "a compressor that the kernel does not know"],
    remedies: ["remove what stands between them", "take a compressor that the kernel knows"],
    example: "$ (cat a.cpio; echo hello; cat b.cpio) > initrd.img && initgraph check initrd.img",
    mended: "$ cat a.cpio b.cpio > initrd.img && initgraph check initrd.img",
  },
  "check/unknown-format": {
    title: "an archive is of a kind that the kernel does not know",
    happened:
      "The kernel unpacks newc archives, and seven compressions of them. This is an archive of another kind: it and all behind it is lost.",
    causes: [
      "cpio's old formats (its default without -H newc)",
      "a tar",
      "a compressor that the kernel does not know",
    ],
    remedies: ["`cpio -o -H newc`", "zstd, xz, gzip, lz4, bzip2, lzma or lzop"],
    example: "$ find . | cpio -o > initrd.img && initgraph check initrd.img",
    mended: "$ find . | cpio -o -H newc > initrd.img && initgraph check initrd.img",
  },
  "check/junk-at-end": {
    title: "behind all archives stands what the kernel does not know",
    happened:
      "Nothing is lost, but the kernel prints `Initramfs unpacking failed`, which alarms who reads the log.",
    causes: ["a signature or a checksum appended to the image", "a boot loader's own trailer"],
    remedies: [
      "keep signatures in files of their own",
      "cut the image where the last member ends (`initgraph ls --members`)",
    ],
    example: "$ (cat a.cpio; echo hello) > initrd.img && initgraph check initrd.img",
    mended: "$ initgraph check a.cpio",
  },
  "check/lz4-followed": {
    title: "what follows an lz4 member is taken for a block of it",
    happened:
      "lz4's legacy format has no end mark: the kernel sees the end by four zeros, or by the image's end. Anything else is unpacked as a block, and is lost.",
    causes: ["an archive appended to an lz4 image with `cat`"],
    remedies: [
      "put four zeros behind the lz4 member, and more up to a multiple of four",
      "take another compressor",
    ],
    example: "$ cat a.lz4 b.lz4 > initrd.img && initgraph check initrd.img",
    mended: "$ (cat a.lz4; head -c 4 /dev/zero; cat b.lz4) > initrd.img && initgraph check initrd.img",
  },
  "check/member-refused": {
    title: "the kernel's decompressor refuses a member",
    happened:
      "The member is right for the program that made it, and not for the kernel: xz with CRC64, a zstd window over 128 MiB, lz4's frame format. That member and all behind it are lost.",
    causes: ["the default arguments of xz or lz4", "a multi-threaded compressor that writes other frames"],
    remedies: [
      "xz --check=crc32, lz4 -l, zstd --long=27 at most",
      "let initgraph compress: its arguments fit the kernel",
    ],
    example: "$ xz < a.cpio > initrd.img && initgraph check initrd.img",
    mended: "$ xz --check=crc32 < a.cpio > initrd.img && initgraph check initrd.img",
  },
  "check/damaged-member": {
    title: "a compressed member is damaged",
    happened:
      "It ends too early, or its bytes are not what its checksum says. Files before the damage arrive, all behind it are lost.",
    causes: ["an interrupted copy or download", "a full /boot", "a failing disk"],
    remedies: [REBUILD],
    example: "$ head -c 1M a.img > initrd.img && initgraph check initrd.img",
    mended: "$ initgraph check a.img",
  },
  "check/unnoticed-damage": {
    title: "a member is damaged, and the kernel does not notice",
    happened: "The kernel does not look at every checksum. Files with wrong bytes arrive without a word.",
    causes: ["a failing disk or memory", "an image that was edited"],
    remedies: [REBUILD],
    example: "# a bit of its content was turned\n$ initgraph check initrd.img",
    mended: null,
  },
  "check/cut-short": {
    title: "a plain archive ends inside an entry",
    happened: "The kernel says nothing: it takes what is there, and the last files are missing or short.",
    causes: ["an interrupted copy", "a full /boot"],
    remedies: [REBUILD],
    example: "$ head -c 100000 a.cpio > initrd.img && initgraph check initrd.img",
    mended: "$ initgraph check a.cpio",
  },
  "check/bad-entry": {
    title: "the kernel refuses the header of an entry",
    happened:
      "An entry begins with 070701 and fields of eight hexadecimal digits. Something else stands there, so the kernel stops.",
    causes: ["an archive in another cpio format (odc, bin)", "a damaged file"],
    remedies: ["write archives with `cpio -o -H newc`"],
    example: "$ find . | cpio -o -H odc > initrd.img && initgraph check initrd.img",
    mended: "$ find . | cpio -o -H newc > initrd.img && initgraph check initrd.img",
  },
  "check/entry-across-members": {
    title: "a member ends inside an entry",
    happened:
      "The kernel begins each compressed member anew, at an entry. The rest of this one, in the next member, is lost.",
    causes: ["an archive that was cut into pieces and compressed piece by piece (pbzip2, split)"],
    remedies: ["cut between entries only", "compress the archive in one stream"],
    example: "$ pbzip2 -c a.cpio > initrd.img && initgraph check initrd.img",
    mended: "$ bzip2 -c a.cpio > initrd.img && initgraph check initrd.img",
  },
  "check/junk-inside": {
    title: "inside a member stands what is no archive",
    happened:
      "Between two entries of a compressed member the kernel takes zeros and archives. At anything else it leaves the rest of the member.",
    causes: [
      "two archives with something between them, compressed together",
      "a compressed file inside a compressed member",
    ],
    remedies: ["compress archives only, and join the members"],
    example: "$ (cat a.cpio; echo hello; cat b.cpio) | gzip > initrd.img && initgraph check initrd.img",
    mended: "$ cat a.cpio b.cpio | gzip > initrd.img && initgraph check initrd.img",
  },
  "check/empty-first-member": {
    title: "the image begins with a member of nothing",
    happened:
      "A compressed member without any byte in it, before all others, is taken for a broken one: the kernel does not go on.",
    causes: ["an empty archive that was compressed and put in front"],
    remedies: ["leave it out"],
    example: "$ (gzip < /dev/null; cat a.img) > initrd.img && initgraph check initrd.img",
    mended: "$ initgraph check a.img",
  },
  "check/nothing-there": {
    title: "there is nothing in the image but zeros",
    happened: "The kernel unpacks nothing, and looks for a root file system without an initramfs.",
    causes: ["a file that was reserved and never written", "a disk that lost its writes"],
    remedies: ["build or copy the image again"],
    example: "$ head -c 1M /dev/zero > initrd.img && initgraph check initrd.img",
    mended: null,
  },
  "check/wrapper-refused": {
    title: "the boot loader will refuse the wrapper",
    happened:
      "A sum, a size or a type in the wrapper (uInitrd, FIT, UKI) is not what is in it. The loader stops before the kernel runs.",
    causes: ["the image inside was changed without its wrapper", "an interrupted copy"],
    remedies: ["wrap the image anew: `initgraph wrap`"],
    example: "# a byte of its data was changed\n$ initgraph check uInitrd",
    mended: "$ initgraph wrap --as uinitrd initrd.img -o uInitrd && initgraph check uInitrd",
  },
  "check/old-kernels": {
    title: "older kernels cannot read all of the image",
    happened: "Something in it is read only by kernels from the named version on.",
    causes: ["an archive with checksums (cpio -H crc)", "a filter of xz for arm64 or riscv"],
    remedies: ["nothing, if your kernel is new enough", "`cpio -H newc`, xz without the filter"],
    example: "$ find . | cpio -o -H crc > initrd.img && initgraph check initrd.img",
    mended: "$ find . | cpio -o -H newc > initrd.img && initgraph check initrd.img",
  },
  "check/readers-stop": {
    title: "the kernel reads all, other readers stop before the end",
    happened:
      "lsinitramfs, bsdtar and the like end at a trailer, or where another compressor begins. The kernel goes on. So do `initgraph ls` and `unpack`.",
    causes: [
      "microcode in front of a compressed image: every distribution does that",
      "layers of different compressors",
    ],
    remedies: ["nothing, for the kernel", "`initgraph ls` shows all"],
    example: "$ cat microcode.cpio initrd.gz > initrd.img && initgraph check initrd.img",
    mended: null,
  },
  "check/trailing-zeros": {
    title: "zeros stand behind the last compressed member",
    happened:
      "The kernel passes over them. unmkinitramfs and others may read nothing, or lose the last files.",
    causes: ["an image padded to a block, or by a boot loader's tools"],
    remedies: ["cut them off, or pad inside the archive, before it is compressed"],
    example: "$ (cat a.img.gz; head -c 512 /dev/zero) > initrd.img && initgraph check initrd.img",
    mended: "$ initgraph check a.img.gz",
  },
  "check/window-cost": {
    title: "members declare windows far larger than what is in them",
    happened:
      "The kernel takes and clears a window for each member. Where a stream does not tell its size this is megabytes for kilobytes, and costs time at boot.",
    causes: ["zstd or xz from a pipe: the size of the input is not known then", "many small members"],
    remedies: ["zstd --stream-size, xz --lzma2=dict=512KiB", "fewer members"],
    example: "$ (for f in *.cpio; do zstd -19 < $f; done) > initrd.img && initgraph check initrd.img",
    mended: null,
  },
  "check/too-large": {
    title: "the image holds more than is looked at",
    happened:
      "So that no image can exhaust the machine, entries and bytes are counted and looking ends at a limit. What stands behind is not judged.",
    causes: ["an image made to exhaust who reads it", "a whole system with millions of files"],
    remedies: ["check its parts by themselves"],
    example: "# it unpacks to terabytes\n$ initgraph check initrd.img",
    mended: null,
  },
  "check/unknown-end": {
    title: "where a member ends only its decoder can tell",
    happened:
      "A stream of lzma says nothing of its end, so what stands behind it was not looked at. The kernel goes on there.",
    causes: ["an lzma image with something behind it"],
    remedies: ["take xz, whose streams have an end"],
    example: "$ (lzma < a.cpio; cat b.cpio) > initrd.img && initgraph check initrd.img",
    mended: "$ (xz --check=crc32 < a.cpio; cat b.cpio) > initrd.img && initgraph check initrd.img",
  },
};
