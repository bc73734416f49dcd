/** The SBOMs that a build was asked for. */
import type { BuiltContents } from "../../carry-out.ts";
import type { ImageDocument } from "../../image/image.ts";
import { ownTool } from "../../machine/tool.ts";
import { type Description, describeImage, type SbomFormat } from "../../sbom/describe-image.ts";

export class SbomWriter {
  /** What there is to say of the last one; null: nothing was built yet. */
  told: Description | null = null;
  readonly #formats: readonly SbomFormat[];

  constructor(formats: readonly SbomFormat[]) {
    this.#formats = formats;
  }

  /** Throws BuildFailure. */
  describe(made: BuiltContents): readonly ImageDocument[] {
    this.told = describeImage(made, this.#formats, ownTool());
    return this.told.documents;
  }
}
