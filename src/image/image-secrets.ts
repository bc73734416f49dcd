/** A plan's secrets as the image's writer wants them. */

import { BuildFailure } from "../core/problem.ts";
import type { MemberKind } from "../inspect/read-image.ts";
import type { PlannedSecret } from "../plan/place-secrets.ts";
import { DEFAULTS } from "../spec/defaults.ts";
import type { Spec } from "../spec/spec.ts";
import type { ImagePorts, ImageSecrets } from "./image.ts";
import { lookAtSecrets, readSecret, type SecretFiles } from "./secret-files.ts";
import { encodeSecrets, type SecretEntry } from "./secret-member.ts";

type Ports = Pick<ImagePorts, "host">;

/** Throws BuildFailure as `lookAtSecrets`, and secrets/one-stream. */
export function openSecrets({ secrets, image }: Spec, kind: MemberKind, ports: Ports): SecretFiles {
  const files = lookAtSecrets(secrets, ports);
  if (secrets.length > 0 && kind === "lzma")
    throw new BuildFailure([{ code: "secrets/one-stream", at: image.compressor.at, kind }]);
  return files;
}

/** Null: there are none. */
export function imageSecrets(
  planned: readonly PlannedSecret[],
  files: SecretFiles,
  epoch: number,
  ports: Ports,
): ImageSecrets | null {
  if (planned.length === 0) return null;
  const places = planned.flatMap(({ path, item }) => {
    if (item === null) return [];
    const { mode, uid, gid } = item;
    return [{ path, mode, uid, gid }];
  });
  const entryOf = ({ path, item }: PlannedSecret): SecretEntry => {
    if (item === null) return impliedDirectory(path);
    const { mode, uid, gid, source } = item;
    return { kind: "file", path, mode, uid, gid, bytes: readSecret(source, files, ports) };
  };
  return { places, read: () => encodeSecrets(planned.map(entryOf), epoch) };
}

export function impliedDirectory(path: SecretEntry["path"]): SecretEntry {
  return { kind: "directory", path, mode: DEFAULTS.directoryMode, uid: DEFAULTS.uid, gid: DEFAULTS.gid };
}
