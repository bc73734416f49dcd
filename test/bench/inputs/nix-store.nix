# A store of nix-packages.js's description, and of what an initrd of it begins with. The sandbox has the sysroot
# at /sysroot.
{ description, builder }:
let
  packages = builtins.mapAttrs (name: { files, needs }: derivation {
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/bash";
    PATH = "/usr/bin:/bin";
    args = [ builder ];
    files = builtins.toFile "${name}-files" (builtins.concatStringsSep "\n" files + "\n");
    needs = map (need: packages.${need}) needs;
    libc = if name == "libc6" then "" else packages.libc6;
  }) (builtins.fromJSON (builtins.readFile description));

  build = name: attributes: script: derivation ({
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/bash";
    PATH = "/usr/bin:/bin:/usr/sbin:/sbin";
    args = [ "-euc" script ];
  } // attributes);

  modules = build "modules" { } ''
    cd /sysroot/usr/lib/modules/*
    there=$out/lib/modules/$(basename $PWD)
    mkdir -p $there
    cp modules.builtin modules.builtin.modinfo modules.order $there
    cp -r --parents kernel/arch kernel/crypto kernel/fs kernel/lib kernel/drivers/{ata,block,md,net/ethernet/intel,nvme,scsi,usb,virtio} $there
    depmod -b $out $(basename $PWD)
  '';

  stage1 = build "stage-1-init" { inherit modules; inherit (packages) bash; path = builtins.attrValues packages; } ''
    {
      echo "#!$bash/bin/bash"
      echo "modules=$modules"
      for each in $path; do echo "PATH=\$PATH:$each/bin"; done
      echo "exec bash"
    } > $out
    chmod +x $out
  '';
in
{
  inherit modules stage1;
  inherit (packages) busybox;
  closures = build "closures" {
    exportReferencesGraph = [ "stage-1-init" stage1 "modules" modules "busybox" packages.busybox ];
  } "mkdir $out; cp stage-1-init modules busybox $out";
}
