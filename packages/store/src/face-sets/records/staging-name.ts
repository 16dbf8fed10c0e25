/**
 * Names of the copies that hold a set's new vectors while it is reindexed. The contract's names have no `~`: nobody can ask for a
 * copy, take its name, or have had a set of that name before.
 */
const mark = '~reindex~';

/** The name of one run's copy of a set. */
export const stagingName = (setId: string, run: string) => `${mark}${setId}~${run}`;

export const isStagingName = (name: string) => name.startsWith(mark);

/** The id of the set that a copy is of; undefined: it is no copy's name. */
export const stagedFor = (name: string): string | undefined =>
  isStagingName(name) ? name.slice(mark.length).split('~')[0] : undefined;
