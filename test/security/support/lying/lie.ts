/** A file that says it holds other things than it does: what is wrong about it, and what makes it (some are megabytes). */
export type Lie = readonly [what: string, make: () => Buffer];

/** Is it one of those for which a reader makes tables of gigabytes? */
export const isGreedy = (what: string) => /(million|100,000|4 billion) samples/.test(what);
