/** The part of playwright-core that tests use. Its own types want the DOM's, which are not to be seen where Node's are (see paths in tsconfig.json). */
export declare const chromium: {
  launch(options: {
    readonly executablePath: string;
    readonly headless: boolean;
    readonly args: readonly string[];
  }): Promise<Browser>;
};

export interface ContextOptions {
  readonly viewport?: Size;
  readonly colorScheme?: "light" | "dark";
  readonly forcedColors?: "active" | "none";
  readonly reducedMotion?: "reduce" | "no-preference";
  readonly offline?: boolean;
  readonly javaScriptEnabled?: boolean;
}

export interface Browser {
  newContext(options: ContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

export interface BrowserContext {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

export interface Page extends Finder {
  readonly keyboard: {
    press(key: string): Promise<void>;
    type(text: string): Promise<void>;
  };
  readonly mouse: {
    move(x: number, y: number): Promise<void>;
    click(x: number, y: number): Promise<void>;
    wheel(x: number, y: number): Promise<void>;
  };
  on(event: "console", hear: (message: { type(): string; text(): string }) => void): void;
  on(event: "pageerror", hear: (error: Error) => void): void;
  on(event: "request", hear: (request: { url(): string }) => void): void;
  goto(url: string): Promise<unknown>;
  title(): Promise<string>;
  content(): Promise<string>;
  context(): BrowserContext;
  close(): Promise<void>;
  /** An expression. */
  evaluate<T = unknown>(script: string): Promise<T>;
  waitForFunction(script: string): Promise<unknown>;
  setViewportSize(size: Size): Promise<void>;
  emulateMedia(media: Pick<ContextOptions, "colorScheme" | "forcedColors" | "reducedMotion">): Promise<void>;
  screenshot(options: { readonly path: string; readonly fullPage?: boolean }): Promise<unknown>;
}

export interface Finder {
  locator(selector: string): Locator;
  getByRole(role: string, options?: RoleOptions): Locator;
  getByLabel(text: string | RegExp, options?: { readonly exact?: boolean }): Locator;
  getByText(text: string | RegExp, options?: { readonly exact?: boolean }): Locator;
}

export interface RoleOptions {
  readonly name?: string | RegExp;
  readonly exact?: boolean;
  readonly level?: number;
  readonly expanded?: boolean;
  readonly selected?: boolean;
}

/** What is done with it waits until there is exactly one, and it can be done. */
export interface Locator extends Finder {
  first(): Locator;
  last(): Locator;
  nth(index: number): Locator;
  count(): Promise<number>;
  filter(options: { readonly hasText?: string | RegExp }): Locator;
  click(options?: {
    readonly position?: { readonly x: number; readonly y: number };
    readonly timeout?: number;
    readonly force?: boolean;
  }): Promise<void>;
  dblclick(): Promise<void>;
  hover(): Promise<void>;
  focus(): Promise<void>;
  fill(text: string): Promise<void>;
  press(key: string): Promise<void>;
  selectOption(value: string): Promise<unknown>;
  check(): Promise<void>;
  isVisible(): Promise<boolean>;
  isChecked(): Promise<boolean>;
  inputValue(): Promise<string>;
  getAttribute(name: string): Promise<string | null>;
  textContent(): Promise<string | null>;
  innerText(): Promise<string>;
  allTextContents(): Promise<string[]>;
  allInnerTexts(): Promise<string[]>;
  boundingBox(): Promise<(Size & { readonly x: number; readonly y: number }) | null>;
  waitFor(options?: { readonly state?: "visible" | "hidden" | "attached" | "detached" }): Promise<void>;
  /** The accessibility tree below it, as YAML. */
  ariaSnapshot(): Promise<string>;
  evaluate<T = unknown>(script: string): Promise<T>;
  screenshot(options: { readonly path: string }): Promise<unknown>;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
