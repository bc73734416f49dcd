/**
 * A console's text as it is read, without what moves cursors and paints: pieces in, text out, a sequence may be cut anywhere.
 * Every character is one byte. Source: ECMA-48; what xterm takes.
 */

type State =
  | "text"
  /** Behind ESC, within ESC [ …, within a string that ends with BEL or ESC \, behind ESC and one of "()#%". */
  | "escape"
  | "control"
  | "string"
  | "string escape"
  | "charset";

const ESC = 0x1b;
const BEL = 0x07;
const NEWLINE = 0x0a;
const TAB = 0x09;

/** Each has a memory of its own. */
export function plainText(): (piece: Uint8Array) => string {
  let state: State = "text";
  return (piece) => {
    let text = "";
    for (const byte of piece) {
      // Nobody's sequence crosses a line; one that never ends must not hide all that follows.
      if (byte === NEWLINE) state = "text";
      if (state === "text" && byte !== ESC) text += isShown(byte) ? String.fromCharCode(byte) : "";
      else state = nextState(state, byte);
    }
    return text;
  };
}

/** Carriage returns go too: lines end with "\n". */
function isShown(byte: number): boolean {
  return byte === NEWLINE || byte === TAB || (byte >= 0x20 && byte !== 0x7f);
}

function nextState(state: State, byte: number): State {
  if (state === "string") return byte === BEL ? "text" : byte === ESC ? "string escape" : "string";
  if (byte === ESC) return "escape";
  if (state === "control") return byte >= 0x40 && byte <= 0x7e ? "text" : "control";
  if (state === "escape") return afterEscape(String.fromCharCode(byte));
  return "text";
}

function afterEscape(character: string): State {
  if (character === "[") return "control";
  if ("]PX^_".includes(character)) return "string";
  return "()#%*+ ".includes(character) ? "charset" : "text";
}
