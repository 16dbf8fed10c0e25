import { openStore, type StoreOptions } from '../context.ts';
import { createSets } from '../protocol/sets.ts';
import { abandonImports } from './abandon-imports.ts';
import { exportLines } from './export.ts';
import { type Imported, type ImportOptions, importLines } from './import.ts';
import { type Reindexed, type ReindexOptions, reindexSet } from './reindex.ts';

/** Sets as files (EXPORT.md). */
export interface Transfer {
  /** The lines of a set's export, each with its line end. @throws FrsError FRS.0302 */
  exportSet(
    projectId: string,
    name: string,
    progress?: (done: number, expected: number) => void,
  ): AsyncGenerator<string>;
  /** See `importLines`. `lines` begins a new pass over the file's lines (without line ends) at each call. */
  importSet(projectId: string, lines: () => AsyncIterable<string>, options: ImportOptions): Promise<Imported>;
  /** Aborts unfinished imports to a set; returns how many there were. @throws FrsError FRS.0302 */
  abandonImports(projectId: string, name: string): Promise<number>;
  /** See `reindexSet`. */
  reindexSet(projectId: string, name: string, options: ReindexOptions): Promise<Reindexed>;
}

/** Export and import of the sets in the stores of `options`; it keeps no index, and holds nothing open. */
export function createTransfer(options: StoreOptions): Transfer {
  const store = openStore(options);
  const sets = createSets(store);
  return {
    async *exportSet(projectId, name, progress) {
      yield* exportLines(store, await sets.get(projectId, name), progress);
    },
    importSet: (projectId, lines, how) => importLines(store, sets, projectId, lines, how),
    abandonImports: async (projectId, name) => abandonImports(store, await sets.get(projectId, name)),
    reindexSet: (projectId, name, how) => reindexSet(store, sets, projectId, name, how),
  };
}
