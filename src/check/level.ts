/**
 * How much a finding matters. `fault`: it will not boot, or something is lost. `warning`: it boots, and not everybody will
 * be glad. `unproven`: what nobody can say who does not run it.
 */
export type Level = "fault" | "warning" | "unproven";

/** Of every code of a page: the compiler sees that none is left out. */
export type Levels<Page extends { readonly code: string }> = Readonly<Record<Page["code"], Level>>;
