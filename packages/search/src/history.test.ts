import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldValues, filters, vectors } from '../test/arbitraries.ts';
import {
  bruteForce,
  bruteForceGroups,
  completeSegment,
  everyType,
  faceRow,
  matches,
  segmentOf,
  someWeight,
  specOf,
} from '../test/support.ts';
import { createIndex } from './index.ts';
import type { FaceIndex, FaceRow, Segment } from './types.ts';

const dimension = 64;
const spec = specOf(dimension, everyType);
const vector = vectors(dimension);
const pick = fc.nat();

/** One thing that happens to a face set in a process. */
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      faces: fc.array(fc.record({ vector, fields: fieldValues, person: fc.nat(6) }), {
        minLength: 1,
        maxLength: 30,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('update' as const), pick, fields: fieldValues }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const), cold: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('attach stale' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('search' as const),
      queries: fc.array(vector, { minLength: 1, maxLength: 5 }),
      topN: fc.constantFrom(1, 2, 5, 1000),
      minCosine: fc.constantFrom(-1, 0, 0.2, 0.9999, 1),
      filter: fc.option(filters, { nil: undefined }),
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** The index under test, and what it should hold. */
interface Scenario {
  readonly index: FaceIndex;
  readonly model: Map<number, FaceRow>;
  next: number;
  /** Rows as they were at the last compaction but one. */
  stale: FaceRow[];
  /** Segments that lack their vectors, with the rows that they were made from. */
  readonly cold: Map<Segment, readonly FaceRow[]>;
}

async function happen(scenario: Scenario, happened: Event): Promise<void> {
  const { index, model } = scenario;
  const rows = [...model.values()].sort((a, b) => a.number - b.number);
  const chosen = 'pick' in happened ? rows[happened.pick % Math.max(1, rows.length)] : undefined;
  switch (happened.kind) {
    case 'append': {
      const added = happened.faces.map(({ person, ...face }) => {
        scenario.next += 1 + (person % 2);
        return faceRow(scenario.next, face.vector, { ...face, externalImageId: `person-${person}` });
      });
      index.append(added);
      index.append(added);
      for (const row of added) model.set(row.number, row);
      return;
    }
    case 'remove':
      expect(index.remove(chosen?.number ?? 0)).toBe(chosen !== undefined);
      if (chosen) model.delete(chosen.number);
      return;
    case 'update':
      if (!chosen) return;
      index.update(chosen.number, { fields: happened.fields, externalImageId: 'person-0' });
      model.set(chosen.number, { ...chosen, fields: happened.fields, externalImageId: 'person-0' });
      return;
    case 'compact': {
      scenario.stale = rows;
      const segment = segmentOf(spec, rows, happened.cold ? ['codes', 'columns'] : undefined);
      if (happened.cold) scenario.cold.set(segment, rows);
      index.attach(segment);
      expect(index.tailSize).toBe(0);
      return;
    }
    case 'attach stale':
      // What was removed since stays removed; what was updated since is applied again, as the store does.
      index.attach(segmentOf(spec, scenario.stale));
      for (const { number, fields, externalImageId } of rows)
        index.update(number, { fields, externalImageId });
      return;
    case 'search':
      await check(scenario, rows, happened);
  }
}

/** The vectors of all segments come. */
function warmUp({ cold }: Scenario): void {
  for (const [segment, rows] of cold) completeSegment(segment, spec, rows);
  cold.clear();
}

async function check(scenario: Scenario, rows: FaceRow[], search: Event & { kind: 'search' }): Promise<void> {
  const { index, model } = scenario;
  const { queries, topN, minCosine, filter } = search;
  const candidates = filter ? rows.filter((row) => matches(filter, row)) : rows;
  const options = { topN, minCosine, ...(filter && { filter }) };
  const read = async (numbers: readonly number[]) => numbers.map((number) => model.get(number)?.vector);
  const answers = await index.searchMany({ vectors: queries, ...options, read });
  expect(answers).toEqual(queries.map((query) => bruteForce(candidates, query, options)));
  if (filter) expect(await index.match(filter)).toEqual(candidates.map((row) => row.number));
  const [query] = queries;
  warmUp(scenario);
  const asked = { topN: 1000, minCosine: -1, ...(queries.length > 2 && { weightOf: someWeight }) };
  const grouped = { ...asked, groupBy: 'external_image_id' } as const;
  const persons = await index.search({ vector: query!, ...grouped });
  expect(await index.searchMany({ vectors: queries, ...grouped })).toHaveLength(queries.length);
  const expected = bruteForceGroups(rows, query!, asked);
  // Six digits: the mean of nearly opposite vectors has lost the others.
  expect(persons.map((hit) => hit.cosine)).toEqual(expected.map((hit) => expect.closeTo(hit.cosine, 6)));
  expect(new Set(persons.map((hit) => hit.number))).toEqual(new Set(expected.map((hit) => hit.number)));
}

it('answers as brute force does after any history of appends, removals, updates and compactions', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 25 }), async (events) => {
      const scenario: Scenario = {
        index: createIndex(spec),
        model: new Map(),
        next: 0,
        stale: [],
        cold: new Map(),
      };
      for (const happened of events) await happen(scenario, happened);
      warmUp(scenario);
      const rows = [...scenario.model.values()].sort((a, b) => a.number - b.number);
      expect(scenario.index.numbers()).toEqual(rows.map((row) => row.number));
      expect(scenario.index.size).toBe(rows.length);
      for (const { vector: stored, ...record } of rows) {
        expect(scenario.index.row(record.number)).toEqual(record);
        expect(scenario.index.vector(record.number)).toEqual(stored);
      }
    }),
    { numRuns: 1000 },
  );
}, 180_000);
