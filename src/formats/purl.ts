/**
 * Package URLs: `pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12`.
 * Source: https://github.com/package-url/purl-spec, "How to build purl string from its components".
 */

export interface PurlParts {
  readonly type: string;
  /** Empty: none. */
  readonly namespace: string;
  readonly name: string;
  /** Empty: none. */
  readonly version: string;
  /** In the order of their names; those without a value are left out. */
  readonly qualifiers: readonly (readonly [name: string, value: string])[];
}

export function purlOf({ type, namespace, name, version, qualifiers }: PurlParts): string {
  const said = qualifiers.filter(([, value]) => value !== "");
  const query = said.map(([key, value]) => `${key}=${escaped(value)}`).join("&");
  return [
    `pkg:${type}/`,
    namespace === "" ? "" : `${escaped(namespace)}/`,
    escaped(name),
    version === "" ? "" : `@${escaped(version)}`,
    query === "" ? "" : `?${query}`,
  ].join("");
}

/** All but letters, digits, ".-_~" and the colon. */
function escaped(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%3A", ":")
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
