#!/bin/sh
# Makes a small, real Nix store in DIRECTORY, with a path for everything that a reader of references must get
# right. Needs Nix (Debian: nix-bin) and /bin/sh; no nixpkgs, no network, no root. Takes a few seconds.
#
#   make-nix-store.sh DIRECTORY
#
# DIRECTORY/nix-root/nix/store   the store; it calls itself /nix/store
# DIRECTORY/nix-root/home        settings for asking Nix about it: HOME and NIX_CONF_DIR
# DIRECTORY/nix-oracle           what Nix says of it:
#   built.txt                    its outputs, one path per line
#   closure-NAME                 exportReferencesGraph of some of them
#   attrs.json                   the same through structured attributes
#   path-info-all.json           nix path-info --all --json
#
# Nix builds for a store that lies elsewhere in a sandbox: not in a container that forbids namespaces.
set -eu
directory=$1
mkdir -p "$directory"
directory=$(cd "$directory" && pwd -P)
root=$directory/nix-root
oracle=$directory/nix-oracle
home=$root/home
mkdir -p "$home" "$oracle"

cat > "$home/nix.conf" <<'CONF'
build-users-group =
sandbox = true
sandbox-paths = /bin /usr /lib? /lib64? /etc/alternatives?
substituters =
substitute = false
experimental-features = nix-command
max-jobs = 2
CONF

export HOME="$home" NIX_CONF_DIR="$home" NIX_REMOTE= NIX_PATH=

cat > "$home/store.nix" <<'NIX'
let
  build = name: attributes: script: derivation ({
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    PATH = "/usr/bin:/bin";
    args = [ "-euc" script ];
  } // attributes);

  leaf = build "leaf" { } ''mkdir $out; echo leaf > $out/leaf'';
  middle = build "middle" { inherit leaf; } ''mkdir $out; echo "uses $leaf/leaf" > $out/middle'';
  chain = build "chain" { inherit middle; } ''mkdir -p $out/bin; echo "$middle" > $out/bin/chain; chmod +x $out/bin/chain'';
  self = build "self" { inherit leaf; } ''mkdir $out; echo "I am $out and use $leaf" > $out/self'';
  diamond = build "diamond" { left = self; right = chain; } ''mkdir $out; echo $left $right > $out/diamond'';

  # References that stand in one kind of string only.
  byTarget = build "by-target" { inherit middle; } ''mkdir $out; ln -s $middle/middle $out/link'';
  byName = build "by-name" { inherit middle; } ''mkdir $out; : > $out/$(basename $middle).conf'';
  byDirectory = build "by-directory" { inherit middle; } ''mkdir -p $out/x-$(basename $middle)-x/empty'';
  bareHash = build "bare-hash" { inherit middle; } ''mkdir $out; h=$(basename $middle); printf %s "''${h%%-*}" > $out/hash'';
  crossing = build "crossing" { inherit middle; } ''mkdir $out; { head -c 65520 /dev/zero; printf %s "$middle"; } > $out/blob'';
  crossingMiB = build "crossing-1m" { inherit middle; } ''mkdir $out; { head -c 1048550 /dev/zero; printf %s "$middle"; head -c 3000000 /dev/zero; } > $out/blob'';

  # No references, though they look like some.
  compressed = build "compressed" { inherit middle; } ''mkdir $out; echo "$middle" | gzip -9n > $out/hidden.gz'';
  split = build "split" { inherit middle; } ''mkdir $out; h=$(basename $middle); printf %s "$h" | head -c 31 > $out/1; printf %s "$h" | tail -c +32 > $out/2'';
  stranger = build "stranger" { } ''mkdir $out; echo /nix/store/00000000000000000000000000000000-nothing/x > $out/x'';

  # Other shapes of outputs.
  file = build "file" { inherit leaf; } ''{ echo '#!/bin/sh'; echo "# $leaf"; } > $out; chmod +x $out'';
  link = build "link" { inherit middle; } ''ln -s $middle $out'';
  multi = build "multi" { inherit leaf; outputs = [ "out" "lib" "dev" ]; } ''
    mkdir $out $lib $dev; echo $leaf > $lib/lib; echo $lib > $out/program; echo $out $lib > $dev/header'';
  weird = build "weird+name_1.0-rc.1=x?" { inherit leaf; } ''
    mkdir -p "$out/empty/directory"; echo $leaf > "$out/with space"; : > "$out/$(printf 'new\nline')"
    : > "$out/$(printf 'n\303\266n-\377-utf8')"; ln -s nowhere "$out/dangling"; ln -s ../../.. "$out/out-of-here"
    echo twice > $out/a; ln $out/a $out/b; chmod 0710 $out/b'';
  lock = build "Cargo.lock" { inherit leaf; } ''echo $leaf > $out'';
  usesLock = build "uses-lock" { inherit lock; } ''echo $lock > $out'';
  text = builtins.toFile "text" "plain";
  textReference = builtins.toFile "text-reference" "refers to ${text}";
  usesText = build "uses-text" { inherit textReference; } ''echo $textReference > $out'';
  long = builtins.foldl' (previous: number: build "long-${toString number}" { inherit previous; } ''echo $previous > $out'')
    leaf (builtins.genList (number: number) 8);
  wide = build "wide" { all = map (number: builtins.toFile "wide-${toString number}" (toString number)) (builtins.genList (x: x) 60); }
    ''echo $all > $out'';

  contents = [ diamond multi.dev self weird wide ];
  graphs = build "graphs" { exportReferencesGraph = [ "closure-diamond" diamond "closure-multi" multi.dev "closure-self" self "closure-long" long "closure-weird" weird ]; }
    ''mkdir $out; cp closure-* $out'';
  attributes = build "attributes" {
    __structuredAttrs = true;
    exportReferencesGraph.closure = contents;
    exportReferencesGraph.small = [ file ];
  } ''PATH=/usr/bin:/bin; cp .attrs.json "$(sed 's/.*"outputs":{"out":"\([^"]*\)".*/\1/' .attrs.json)"'';
in {
  inherit leaf middle chain self diamond byTarget byName byDirectory bareHash crossing crossingMiB compressed split
    stranger file link weird lock usesLock usesText long wide graphs;
  multiOut = multi.out;
  multiLib = multi.lib;
  multiDev = multi.dev;
  inherit attributes;
}
NIX

build() { # OPTIONS: the outputs of store.nix
  nix-build --store "$root" --no-out-link "$home/store.nix" "$@" 2> "$home/log"
}

# A builder that ends before Nix looks at it may lose a race on a busy machine ("signal 9"): what is built stays.
attempts=0
until build > "$oracle/built.txt"; do
  attempts=$((attempts + 1))
  if [ "$attempts" = 5 ]; then
    cat "$home/log" >&2
    exit 1
  fi
done

mkdir -p "$home/source"
echo source > "$home/source/file"
ln -sf file "$home/source/link"
nix-store --store "$root" --add "$home/source" >> "$oracle/built.txt"

cp "$root$(build -A graphs)"/closure-* "$oracle/"
cp "$root$(build -A attributes)" "$oracle/attrs.json"
nix path-info --store "$root" --all --json > "$oracle/path-info-all.json" 2> "$home/log"
chmod u+w "$oracle"/*
