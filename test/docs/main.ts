/** `npm run docs`: writes the pages of docs/ that are made. */
import { writeFileSync } from "node:fs";
import { madePages } from "./pages.ts";

for (const [file, text] of madePages()) writeFileSync(file, text);
