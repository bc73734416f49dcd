/**
 * Pages in a real browser: Debian's Chromium, driven without a window. What a page complains of, and whatever it asks
 * of a network, is kept for the test to look at; the network itself is cut off.
 */
import { pathToFileURL } from "node:url";
import { type Browser, type ContextOptions, chromium, type Page } from "playwright-core";
import { type Requirement, requireFile } from "./tools.ts";

const PROGRAM = "/usr/bin/chromium";

/** Beside what playwright says by itself, a new empty profile among it. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function requireChromium(): Requirement {
  return requireFile(PROGRAM, "chromium");
}

/** Starts it for all of a file's tests; the caller closes it. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PROGRAM, headless: true, args: FLAGS });
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of its console, exceptions, and what its policy refused. Empty, if all is well. */
  readonly complaints: readonly string[];
  /** What it asked for beside itself. Likewise. */
  readonly requests: readonly string[];
}

/** Opens a file as a double click on it does. */
export async function openPage(
  browser: Browser,
  file: string,
  options: ContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    ...options,
    offline: true,
  });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== address) requests.push(request.url());
  });
  await page.goto(address);
  return { page, complaints, requests };
}
