/** Many paths as bytes, one character a byte, a NUL behind each. */
export function encodePaths(paths: readonly string[]): Buffer {
  // Written in place: joined to one text they would be held three times over.
  const bytes = Buffer.alloc(paths.reduce((sum, path) => sum + path.length + 1, 0));
  let at = 0;
  for (const path of paths) at += bytes.write(path, at, "latin1") + 1;
  return bytes;
}
