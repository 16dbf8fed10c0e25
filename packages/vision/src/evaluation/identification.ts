import { type Share, wilson } from './intervals.ts';
import { drawOf } from './person-split.ts';
import { type FaceVector, meanTemplate, score } from './templates.ts';

/** Open-set identification as ISO/IEC 19795-1 measures it, for one gallery. */
export interface IdentificationResult {
  /** People enrolled. */
  readonly gallery: number;
  /** Photos of each person searched for that its template is made of; those with fewer fill the gallery up, with what they have. */
  readonly photos: number;
  /** Share of searches by people not enrolled that answer anyone: what the threshold is set to. */
  readonly fpir: number;
  /** Share of searches by people enrolled that don't answer the right one first, at that threshold. */
  readonly fnir: number;
  readonly fnir_95: readonly [low: number, high: number];
  /** Share of searches by people enrolled whose most similar template is the right one, whatever the threshold. */
  readonly rank1: number;
  readonly mated_searches: number;
  readonly nonmated_searches: number;
  readonly cosine: number;
  /** What 1 − (1 − FMR)^gallery foretells for that cosine, where a false match rate is given. */
  readonly fpir_expected?: number;
}

export interface IdentificationOptions {
  readonly expectedFpir?: (cosine: number, gallery: number) => number;
  readonly galleries?: readonly number[];
  readonly photos?: readonly number[];
  readonly fpir?: number;
}

/** Searches by one person: a few people with hundreds of photos must not decide the figure. */
const searchesOfOne = 5;
/** Searches by people not enrolled without which one in a hundred can't be told. */
const leastStrangers = 100;

/**
 * A gallery of `photos` pictures a person, by as many sizes as there are people for: those with more photos than that are
 * searched for with the others; whoever isn't enrolled searches once. Last, beyond these sizes, everybody: there each searches
 * once in a gallery without that person (leave one out). FNIR at rank 1.
 * @param people each person's vectors in a fixed order
 */
export function measureIdentification(
  people: ReadonlyMap<string, readonly FaceVector[]>,
  {
    galleries = [100, 500, 1000, 5000],
    photos = [1, 2, 3],
    fpir = 0.01,
    expectedFpir,
  }: IdentificationOptions = {},
): IdentificationResult[] {
  const results: IdentificationResult[] = [];
  const named = [...people].sort(([a], [b]) => drawOf(a) - drawOf(b) || (a < b ? -1 : 1));
  for (const count of photos) {
    if (named.every(([, own]) => own.length <= count)) continue;
    const upTo = (own: readonly FaceVector[]) => Math.min(own.length, count + 1);
    const enrolled = named.toSorted(([, a], [, b]) => upTo(b) - upTo(a));
    const add = (gallery: readonly Person[], strangers: readonly Person[]) => {
      const result = identify(gallery, strangers, count, fpir);
      const expected = expectedFpir?.(result.cosine, gallery.length);
      results.push({ ...result, ...(expected !== undefined && { fpir_expected: expected }) });
    };
    const sizes = galleries.filter((size) => named.length - size >= leastStrangers);
    for (const size of sizes) {
      const gallery = enrolled.slice(0, size);
      const members = new Set(gallery.map(([name]) => name));
      add(
        gallery,
        named.filter(([name]) => !members.has(name)),
      );
    }
    if (named.length >= leastStrangers) add(enrolled, named);
  }
  return results;
}

type Person = readonly [name: string, vectors: readonly FaceVector[]];

function identify(
  gallery: readonly Person[],
  strangers: readonly Person[],
  photos: number,
  fpir: number,
): IdentificationResult {
  const templates = gallery.map(([, own]) => meanTemplate(own.slice(0, photos)));
  const places = new Map(gallery.map(([name], index) => [name, index]));
  const best = (probe: FaceVector, leftOut?: number) => {
    let top = { index: -1, cosine: -2 };
    for (const [index, template] of templates.entries()) {
      if (index === leftOut) continue;
      const cosine = score(template, probe);
      if (cosine > top.cosine) top = { index, cosine };
    }
    return top;
  };
  const alarms = strangers
    .map(([name, own]) => best(own[0] as FaceVector, places.get(name)).cosine)
    .sort((a, b) => b - a);
  const cosine = alarms[Math.floor(alarms.length * fpir)] ?? 1;
  const found = gallery.flatMap(([, own], index) =>
    own.slice(photos, photos + searchesOfOne).map((probe) => {
      const top = best(probe);
      return { first: top.index === index, known: top.index === index && top.cosine > cosine };
    }),
  );
  const missed: Share = wilson(found.filter(({ known }) => !known).length, found.length);
  return {
    gallery: gallery.length,
    photos,
    fpir,
    fnir: missed.share,
    fnir_95: [missed.low, missed.high],
    rank1: found.filter(({ first }) => first).length / (found.length || 1),
    mated_searches: found.length,
    nonmated_searches: alarms.length,
    cosine,
  };
}
