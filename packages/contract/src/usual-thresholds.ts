/* What clients ask for where nobody says otherwise: the console and the command line alike. */

/** Similarity from which two faces are called one person's: one in 10,000 pairs of strangers reaches it. */
export const samePersonFrom = 0.93;

/** `min_recognizability` of enrolments: of what holds less, nine comparisons in ten fail at .93, and no good photo holds less (packages/docs/figures.md). */
export const leastRecognizable = 0.6;

/**
 * Similarity from which a face of the same person is of the very same photo. A photo has less than 1 in common with itself where its
 * vector holds less of a person: of 1,549 photos of LFW .3 % have less than this, and .4 % of 983 pairs of other photos as much.
 */
export const samePhotoFrom = 0.9997;
