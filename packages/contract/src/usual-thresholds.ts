/* What clients ask for where nobody says otherwise: the console and the command line alike. */

/** Similarity from which two faces are called one person's: one in 10,000 pairs of strangers reaches it. */
export const samePersonFrom = 0.93;

/** `min_recognizability` of enrolments: of what holds less, nine comparisons in ten fail at .93, and no good photo holds less (packages/docs/figures.md). */
export const leastRecognizable = 0.6;
