/** The files of one build, none of them visible before all are whole. */
import { bytesOf, type HostPath } from "../core/path.ts";
import type { Output } from "../core/ports.ts";
import type { ImageOrder, ImagePorts } from "./image.ts";

const READABLE = 0o644;
const PRIVATE = 0o600;

export class Outputs {
  readonly paths: HostPath[] = [];
  readonly #outputs: Output[] = [];
  readonly #directory: HostPath;
  readonly #mode: number;
  readonly #ports: Pick<ImagePorts, "host">;

  constructor({ out, isPrivate }: Pick<ImageOrder, "out" | "isPrivate">, ports: Pick<ImagePorts, "host">) {
    this.#directory = out;
    this.#mode = isPrivate ? PRIVATE : READABLE;
    this.#ports = ports;
  }

  create(name: string): Output {
    if (this.paths.length === 0) this.#ports.host.makeDirectory(this.#directory);
    const path = this.pathOf(name);
    const output = this.#ports.host.createOutput(path, this.#mode);
    this.#outputs.push(output);
    this.paths.push(path);
    return output;
  }

  /** The manifest last: where it is new, all is. */
  commit(): void {
    for (const output of this.#outputs) output.commit();
  }

  link(name: string, to: string): void {
    this.#ports.host.replaceSymlink(this.pathOf(name), bytesOf(to));
    this.paths.push(this.pathOf(name));
  }

  discard(): void {
    for (const output of this.#outputs) output.discard();
  }

  pathOf(name: string): HostPath {
    return `${this.#directory === "/" ? "" : this.#directory}/${bytesOf(name)}` as HostPath;
  }
}
