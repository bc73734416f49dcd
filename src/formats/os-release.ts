/** Which distribution a tree is of: os-release(5). Lines of NAME=value, values as a shell would read them. */

export interface OsRelease {
  /** "debian". Empty: it is not said. */
  readonly id: string;
  /** "12". Empty: it is not said, as for a distribution without releases. */
  readonly versionId: string;
}

export function readOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^\s*([A-Z0-9_]+)=(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, unquote(value));
  }
  const plain = (name: string, form: RegExp): string => {
    const value = values.get(name) ?? "";
    return form.test(value) ? value : "";
  };
  return { id: plain("ID", /^[a-z0-9._-]+$/), versionId: plain("VERSION_ID", /^[a-z0-9._-]+$/) };
}

function unquote(value: string): string {
  const [, quote, inside] = /^(["'])(.*)\1$/.exec(value) ?? [];
  if (inside === undefined) return value;
  return quote === "'" ? inside : inside.replaceAll(/\\([$"`\\])/g, "$1");
}
