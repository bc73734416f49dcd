/**
 * Attributes that change what a file may do and that no cpio archive can carry: file capabilities and access
 * control lists, as GNU tar, star and libarchive write them into pax headers. Labels of SELinux and attributes of
 * users are not among them: whoever uses these sets them when the system runs.
 */
import type { ByteString } from "../core/path.ts";

const KEYS: Readonly<Record<string, string>> = {
  "SCHILY.xattr.security.capability": "file capabilities",
  "LIBARCHIVE.xattr.security.capability": "file capabilities",
  "SCHILY.xattr.system.posix_acl_access": "an access control list",
  "SCHILY.xattr.system.posix_acl_default": "a default access control list",
  "LIBARCHIVE.xattr.system.posix_acl_access": "an access control list",
  "SCHILY.acl.access": "an access control list",
  "SCHILY.acl.default": "a default access control list",
};

/** A list in text that says no more than the mode does. */
const JUST_THE_MODE = /^(?:(?:user|group|other|u|g|o):{1,2}[rwx-]{3}[,\n]?)*$/;

/** What of a member is lost in an image, for people; null: nothing. */
export function uncarriedIn(pax: (key: string) => ByteString | undefined): string | null {
  for (const [key, what] of Object.entries(KEYS)) {
    const value = pax(key) ?? "";
    if (value !== "" && !JUST_THE_MODE.test(value)) return what;
  }
  return null;
}
