/** Prints files of an image: their bytes as they are, or within JSON. */
import { type ByteString, bytesOf } from "../../core/path.ts";
import { type FileReader, type ImageFile, readFiles } from "../../inspect/read-files.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { imageHost } from "../../machine/image-host.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { nameJson, noteOddities, prepareToRead } from "./images.ts";

export interface CatRequest {
  readonly image: string;
  readonly paths: readonly string[];
}

export async function runCat({ image, paths }: CatRequest, terminal: Terminal): Promise<ExitCode> {
  const path = hostPathFrom(image);
  const ports = { host: imageHost() };
  prepareToRead(path, ports.host);
  const asked = paths.map(bytesOf);
  if (terminal.isJson) {
    const json = jsonReader(terminal);
    const { remarks } = await readFiles(path, asked, json, ports);
    json.close(remarks);
  } else {
    noteOddities(await readFiles(path, asked, bytesReader(terminal), ports), terminal);
  }
  return 0;
}

function bytesReader(terminal: Terminal): FileReader {
  return {
    begin: () => {},
    // A copy: the stream may keep it when the reading goes on.
    data: (piece) => terminal.print(Uint8Array.from(piece)),
    end: () => {},
  };
}

/** One object in one line, written as the content comes. In base64, where three bytes are four letters. */
function jsonReader(terminal: Terminal): FileReader & { close(remarks: readonly string[]): void } {
  let rest = Buffer.alloc(0);
  let before = '{"ok":true,"files":[';
  return {
    begin: ({ asked, path, facts }: ImageFile) => {
      const mode = facts.mode.toString(8).padStart(4, "0");
      const head = {
        ...nameJson("path", asked),
        ...nameJson("file", `/${path}` as ByteString),
        size: facts.size,
        mode,
      };
      terminal.print(`${before}${JSON.stringify(head).slice(0, -1)},"contentBase64":"`);
      before = ",";
    },
    data: (piece) => {
      const bytes = Buffer.concat([rest, piece]);
      const whole = bytes.length - (bytes.length % 3);
      terminal.print(bytes.toString("base64", 0, whole));
      rest = Buffer.from(bytes.subarray(whole));
    },
    end: () => {
      terminal.print(`${rest.toString("base64")}"}`);
      rest = Buffer.alloc(0);
    },
    close: (remarks) => terminal.print(`],"remarks":${JSON.stringify(remarks)}}\n`),
  };
}
