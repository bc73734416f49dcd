# The builder of one package of nix-store.nix: its files below $out, finding $needs and $loader by RUNPATH.
# Given: $out, $files (a list), $needs, $libc (empty: this is libc itself)
set -eu
umask 022
mkdir -p "$out"
while IFS= read -r file; do
  place=$out/$(printf %s "${file#/usr/}" | sed 's#^sbin/#bin/#; s#^lib64/#lib/#; s#^lib/x86_64-linux-gnu/#lib/#')
  [ ! -e "$place" ] && [ ! -L "$place" ] || continue
  mkdir -p "${place%/*}"
  if [ -L "/sysroot$file" ]; then
    # links into other packages, and through directories that are gone, lead by name into this one
    ln -s "$(basename "$(readlink "/sysroot$file")")" "$place"
  else
    cp --no-preserve=ownership "/sysroot$file" "$place"
    chmod u+w "$place"
  fi
done < "$files"

libraries() { find "$1/lib" -name '*.so*' -printf '%h\n' 2> /dev/null | sort -u | tr '\n' ':'; }
[ -n "$libc" ] || exit 0
runpath=$(for each in $out $needs; do libraries "$each"; done)
find "$out" -type f | while IFS= read -r file; do
  [ "$(head -c 4 "$file" | tail -c 3)" = ELF ] || continue
  if patchelf --print-interpreter "$file" > /dev/null 2>&1; then
    patchelf --set-interpreter "$libc/lib/ld-linux-x86-64.so.2" "$file"
  fi
  patchelf --set-rpath "$runpath" "$file" 2> /dev/null && patchelf --shrink-rpath "$file" 2> /dev/null || :
done
