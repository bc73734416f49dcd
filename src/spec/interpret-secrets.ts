/** Files for the secret segment: a recipe's "secrets". Nothing of them is looked at here. */
import { ROOT, type TargetPath } from "../core/path.ts";
import { DEFAULTS } from "./defaults.ts";
import type { Interpretation } from "./interpret.ts";
import { modeOf } from "./interpret-files.ts";
import { type Parsed, readHostPath, readTarget } from "./paths.ts";
import type { SecretItem } from "./spec.ts";

export function interpretSecrets(context: Interpretation): SecretItem[] {
  const { places, path } = context;
  const secrets = context.recipe.secrets ?? {};
  return Object.entries(secrets).flatMap(([key, secret]) => {
    const target = path(targetOf(key), secrets, key, "secrets");
    const form = typeof secret === "string" ? null : secret;
    const [container, member] = form === null ? [secrets, key] : [form, "source"];
    const text = form === null ? (secret as string) : form.source;
    const source = path(
      readHostPath(text, places.directoryOf(container, member)),
      container,
      member,
      `secrets[${key}]`,
    );
    const mode = form === null ? null : modeOf(form, context);
    if (target === null || source === null) return [];
    const { uid = DEFAULTS.uid, gid = DEFAULTS.gid } = form ?? {};
    return [{ at: places.ofKey(secrets, key), target, source, mode: mode ?? DEFAULTS.secretMode, uid, gid }];
  });
}

function targetOf(key: string): Parsed<TargetPath> {
  const parsed = readTarget(key);
  return "value" in parsed && parsed.value === ROOT ? { fault: "root" } : parsed;
}
