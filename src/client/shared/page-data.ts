/** What the page was written with (src/pages/page.ts). */

/** The writer and the page are of one build, and share the type. */
export function readPageData<T>(): T {
  return JSON.parse(byId("data").textContent ?? "") as T;
}

/** An element that the page was written with. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new TypeError(`the page has no element ${id}`);
  return element;
}
