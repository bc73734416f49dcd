/** The last stage on this machine: its programs, its disk, and a store that goes with the test. */
import { readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import type { HostPath } from "../../src/core/path.ts";
import type { Host } from "../../src/core/ports.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { processNames } from "../../src/host/processes.ts";
import { prepareCompressor } from "../../src/image/assemble.ts";
import type { Image, ImageParts, ImagePorts } from "../../src/image/image.ts";
import type { ImageSpec } from "../../src/spec/image-spec.ts";
import { openThrowAwayStore } from "../../src/store/cacache-store.ts";
import type { TestEntry } from "./archive.ts";
import { imageParts, joinImage } from "./image-parts.ts";
import { scratchDirectory } from "./scratch.ts";

export interface Workplace {
  readonly directory: string;
  readonly host: Host;
  readonly ports: ImagePorts;
}

export async function openWorkplace(t: Pick<TestContext, "after">): Promise<Workplace> {
  const directory = scratchDirectory(t);
  const host = nodeHost({ jobs: 2, environment: process.env });
  const user = { processes: processNames(), purpose: "a test", now: Date.now, waitMs: 0 };
  const store = await openThrowAwayStore(directory as HostPath, user);
  t.after(() => store.close());
  return { directory, host, ports: { host, store, tell: () => {} } };
}

export interface MadeImage {
  readonly image: Image;
  readonly bytes: Buffer;
}

export async function makeImage(
  layers: readonly (readonly (readonly TestEntry[])[])[],
  spec: ImageSpec,
  { directory, ports }: Workplace,
  rest: Partial<ImageParts> = {},
): Promise<MadeImage> {
  const prepared = await prepareCompressor(spec.compressor, ports);
  const out = `${directory}/out` as HostPath;
  const image = await joinImage(layers, imageParts(spec, { packings: [prepared], out, ...rest }), ports);
  return { image, bytes: readFileSync(image.path) };
}
