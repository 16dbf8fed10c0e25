import type { SegmentPart } from '@openfrs/search';
import type { LoadedIndex } from './loaded-index.ts';

/** The parts of segments that a search may begin without, in the order in which a background fill reads them. */
export const laterParts = ['columns', 'vectors'] as const satisfies readonly SegmentPart[];
export type LaterPart = (typeof laterParts)[number];

/** A search of an index that was done before it was known whether the index is current. */
export interface Speculation<R> {
  readonly loaded: LoadedIndex;
  readonly version: number;
  readonly result: R;
}

/**
 * Searches an index as it is while its manifest is read, where the last catch-up found nothing new.
 * @param current the index that is in memory by then
 * @returns `undefined` where the index isn't there or lacks parts, or the search fails
 */
export async function speculate<R>(
  current: () => LoadedIndex | undefined,
  parts: readonly LaterPart[],
  search: (loaded: LoadedIndex) => Promise<R>,
): Promise<Speculation<R> | undefined> {
  // The request for the manifest is sent before the processor is busy with the search.
  await new Promise((resolve) => setImmediate(resolve));
  const loaded = current();
  if (loaded === undefined || !loaded.wasCurrent) return undefined;
  if (!parts.every((part) => loaded.segments.every(({ segment }) => segment.has(part)))) return undefined;
  const { version } = loaded;
  return search(loaded).then(
    (result) => ({ loaded, version, result }),
    () => undefined,
  );
}

/** Did the speculation search what the index holds now? */
export function isValid<R>(
  speculation: Speculation<R> | undefined,
  loaded: LoadedIndex,
): speculation is Speculation<R> {
  return speculation?.loaded === loaded && speculation.version === loaded.version;
}
