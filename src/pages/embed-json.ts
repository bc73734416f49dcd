/** Data inside a page. The HTML parser looks for the element's end in it, whatever JSON means by the same characters. */

/** JSON in which no tag, comment or entity can be seen. U+2028 and U+2029 go as well: old scripts end a line there. */
export function embedJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (json === undefined) throw new TypeError("a page's data must be a value that JSON can tell");
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
