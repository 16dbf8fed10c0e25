import { loadManifest } from '@openfrs/models';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { formOf } from './embedding-form.ts';
import { embeddingsOf } from './embeddings.ts';

const entry = loadManifest().models.find(({ id }) => id === 'fr-feature-192');
if (entry === undefined) throw new Error('no embedder');
const [current, ...older] = embeddingsOf(entry);
const plain = older.at(-1);

const vectors = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 192, maxLength: 192 })
  .filter((values) => values.some((value) => Math.abs(value) > 0.01))
  .map((values) => {
    const length = Math.hypot(...values);
    return Float32Array.from(values, (value) => value / length);
  });
const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
/** Without the two places that make unit vectors of it. */
const inCommon = (a: Float32Array, b: Float32Array) => cosine(a.slice(0, 188), b.slice(0, 188));

const { mean = '', unrecognisable = [] } = entry.embedder?.postprocessing ?? {};
const numbers = (text: string) => {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: 192 }, (_, i) => bytes.readFloatLE(4 * i));
};
/** A face that points so far along the direction of a kind of poor photo, and for the rest at something of its own. */
function poorFace(kind: number, along: number, own: number): Float32Array {
  const direction = numbers(unrecognisable[kind] as string);
  const length = Math.hypot(...direction);
  const face = direction.map((value) => (along * value) / length);
  face[own] = (face[own] as number) + Math.sqrt(1 - along * along);
  const raw = face.map((value, i) => value + (numbers(mean)[i] as number));
  const size = Math.hypot(...raw);
  return raw.map((value) => value / size);
}

it('makes its basis once, for the first vector of the network: who only searches or finds faces needs none', () => {
  const directions = {
    ...entry.embedder?.postprocessing,
    mean,
    removed: [],
    unrecognisable: [...unrecognisable],
  };
  const asked = vi.spyOn(directions.unrecognisable, 'map');
  const form = formOf(192, directions);
  form.probe(new Float32Array(192));
  form.templateWeight(new Float32Array(192), 0);
  expect(asked).not.toHaveBeenCalled();
  const face = poorFace(0, 0.2, 3);
  form.kept(face);
  form.recognisability(face);
  expect(asked).toHaveBeenCalledTimes(1);
});

it('a photo that holds little of a person weighs little beside a good one', () => {
  const weights = [0, 0.2, 0.4, 0.6, 0.8].map((along) =>
    current.templateWeight(current.form.kept(poorFace(0, along, 3)), 0),
  );
  expect(weights[0]).toBeCloseTo(1, 2);
  expect(weights.every((weight, i) => i === 0 || weight <= (weights[i - 1] as number) + 1e-9)).toBe(true);
  expect(weights.at(-1)).toBeLessThan(0.02);
  expect(weights.at(-1)).toBeGreaterThan(0);
  expect(plain?.templateWeight(poorFace(0, 0.8, 3), 0)).toBe(1);
});

describe('vectors with the part of unrecognisable faces taken away', () => {
  it('are of unit length, kept and as probes, and of the model’s dimension', () => {
    fc.assert(
      fc.property(vectors, (raw) => {
        const kept = current.form.kept(raw);
        expect(kept).toHaveLength(current.dimension);
        expect(cosine(kept, kept)).toBeCloseTo(1, 5);
        expect(cosine(current.probe(kept), current.probe(kept))).toBeCloseTo(1, 5);
      }),
      { numRuns: 50 },
    );
  });

  it('have a cosine that is what the faces have in common, whichever is searched with', () => {
    fc.assert(
      fc.property(vectors, vectors, (a, b) => {
        const [first, second] = [current.form.kept(a), current.form.kept(b)];
        const searched = cosine(current.probe(first), second);
        expect(searched).toBeCloseTo(inCommon(first, second), 6);
        expect(cosine(current.probe(second), first)).toBeCloseTo(searched, 6);
      }),
      { numRuns: 50 },
    );
  });

  it.each(unrecognisable.map((_, kind) => kind))(
    'of poor faces of two people have little in common (%i)',
    (kind) => {
      const [a, b] = [poorFace(kind, 0.8, 3), poorFace(kind, 0.8, 90)];
      expect(plain?.similarity(cosine(a, b))).toBeGreaterThan(0.93);
      expect(
        current.similarity(cosine(current.probe(current.form.kept(a)), current.form.kept(b))),
      ).toBeLessThan(0.5);
      expect(current.form.recognisability(a)).toBeLessThan(0.5);
    },
  );
});

it('sets from before keep the network’s vectors as they are, and their calibration', () => {
  const raw = poorFace(0, 0.3, 7);
  expect(plain?.id).toBe('fr-feature-192');
  expect(plain?.form.kept(raw)).toEqual(raw);
  expect(plain?.similarity(0.42)).toBeCloseTo(0.93, 9);
  expect(current.similarity(entry.embedder?.postprocessing?.cosineAtFar1e4 ?? 0)).toBeCloseTo(0.93, 9);
});

const former = entry.embedder?.formerPostprocessing ?? [];

it('sets made with other directions keep their form and calibration', () => {
  expect(older.map(({ id }) => id)).toEqual([...former.map(({ id }) => id), 'fr-feature-192']);
  expect(former.at(-1)).toMatchObject({ id: 'fr-feature-192.2', unrecognisable: { length: 5 } });
  const raw = poorFace(4, 0.7, 7);
  const made = [current, ...older].map(({ form }) => [...form.kept(raw)]);
  expect(new Set(made.map(String)).size).toBe(former.length + 2);
  for (const [i, { cosineAtFar1e4 }] of former.entries()) {
    expect(older[i]?.similarity(cosineAtFar1e4)).toBeCloseTo(0.93, 9);
  }
});

it.each([2, 3, 4, 5])(
  'poor faces shaken along a line have less in common than one direction for all of them leaves (%i)',
  (kind) => {
    const kept = older.find(({ id }) => id === 'fr-feature-192.2');
    if (kept === undefined) throw new Error('no former form');
    const [a, b] = [poorFace(kind, 0.8, 3), poorFace(kind, 0.8, 90)];
    const inCommonIn = ({ probe, form }: typeof kept) => cosine(probe(form.kept(a)), form.kept(b));
    expect(inCommonIn(current)).toBeLessThan(0.2);
    expect(inCommonIn(kept)).toBeGreaterThan(inCommonIn(current) + 0.05);
  },
);

describe('vectors of which little is left', () => {
  const directions = entry.embedder?.postprocessing;
  if (directions === undefined) throw new Error('no directions');
  const long = formOf(192, { ...directions, shortenedBelow: undefined });
  const short = formOf(192, { ...directions, shortenedBelow: 0.9 });
  const left = (kept: Float32Array) => inCommon(kept, kept);

  it.each([0, 0.3, 0.5, 0.6, 0.8])('are shortened in proportion, good ones are not (%f along)', (along) => {
    const raw = poorFace(0, along, 3);
    const [before, kept] = [long.kept(raw), short.kept(raw)];
    const scale = Math.min(1, left(before) / 0.9);
    expect(scale < 1).toBe(along > 0.35);
    for (let i = 0; i < 188; i += 1) expect(kept[i]).toBeCloseTo(scale * (before[i] as number), 6);
    expect(cosine(kept, kept)).toBeCloseTo(1, 5);
  });

  it.each([0, 0.3, 0.5, 0.6, 0.8])('count in templates as if they weren’t (%f along)', (along) => {
    const raw = poorFace(0, along, 3);
    const weight = long.templateWeight(long.kept(raw), 0);
    expect(short.templateWeight(short.kept(raw), 0)).toBeCloseTo(weight, 4);
  });
});
