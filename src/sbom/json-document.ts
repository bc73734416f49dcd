/** JSON of long lists, in pieces: every member of a list in a line of its own, so that two documents can be compared by lines. */

/** Characters that are written at a time. */
const PIECE_LENGTH = 1 << 16;

export type JsonList = readonly [name: string, members: Iterable<object>];

/** `head` first, which must not be empty, then the lists. UTF-8. */
export function* jsonDocument(head: object, lists: readonly JsonList[]): Generator<Uint8Array> {
  let text = JSON.stringify(head, null, 1).slice(0, -2);
  for (const [name, members] of lists) {
    text += `,\n ${JSON.stringify(name)}: [`;
    let separator = "\n";
    for (const member of members) {
      text += `${separator}  ${JSON.stringify(member)}`;
      separator = ",\n";
      if (text.length < PIECE_LENGTH) continue;
      yield Buffer.from(text, "utf8");
      text = "";
    }
    text += "\n ]";
  }
  yield Buffer.from(`${text}\n}\n`, "utf8");
}
