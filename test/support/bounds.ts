/** For tests that hostile input ends at all: what takes minutes on a busy machine takes hours or forever if it is wrong. */
export const ENDS: { readonly timeout: number } = { timeout: 150_000 };
