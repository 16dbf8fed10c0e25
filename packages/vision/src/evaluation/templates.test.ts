import { loadManifest } from '@openfrs/models';
import { createIndex } from '@openfrs/search';
import { expect, it } from 'vitest';
import { embeddingsOf } from '../embedding/embeddings.ts';
import { meanTemplate, score } from './templates.ts';

const entry = loadManifest().models.find(({ id }) => id === 'fr-feature-192');
if (entry === undefined) throw new Error('no embedder');
const [model] = embeddingsOf(entry);

const { mean = '', unrecognisable = [] } = entry.embedder?.postprocessing ?? {};
const numbers = (text: string) => {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: 192 }, (_, i) => bytes.readFloatLE(4 * i));
};
const poor = numbers(unrecognisable[0] ?? '');
const centre = numbers(mean);

/** Photos of a person, each poorer than the one before. */
function faces(person: number, count: number) {
  return Array.from({ length: count }, (_, photo) => {
    const raw = Float32Array.from(
      { length: 192 },
      (_, i) =>
        (centre[i] as number) +
        0.05 * Math.sin(person * 31 + i * i) +
        0.02 * Math.cos(photo * 17 * i) +
        0.3 * photo * (poor[i] as number),
    );
    const length = Math.hypot(...raw);
    const enrolled = model.form.kept(raw.map((value) => value / length));
    return {
      enrolled,
      probe: model.probe(enrolled),
      weight: model.templateWeight(enrolled, 0),
      recognisability: 1,
    };
  });
}

it('the template that is measured is the one that a search with group_by compares with', async () => {
  const people = Array.from({ length: 12 }, (_, person) => faces(person, 1 + (person % 4)));
  expect(new Set(people.flat().map(({ weight }) => weight.toFixed(3))).size).toBeGreaterThan(5);
  const index = createIndex({ dimension: 192, fields: {} });
  index.append(
    people.flatMap((own, person) =>
      own.map(({ enrolled }, photo) => ({
        number: person * 10 + photo,
        faceId: `face${String(person * 10 + photo).padStart(4, '0')}`,
        box: { topLeftX: 0, topLeftY: 0, width: 1, height: 1 },
        externalImageId: `p${person}`,
        fields: {},
        vector: enrolled,
      })),
    ),
  );
  const [probe] = faces(99, 1) as [ReturnType<typeof faces>[number]];
  const hits = await index.search({
    vector: probe.probe,
    topN: 12,
    minCosine: -1,
    groupBy: 'external_image_id',
    weightOf: model.templateWeight,
  });
  for (const { number, cosine } of hits) {
    const own = people[Math.floor(number / 10)] as ReturnType<typeof faces>;
    expect(cosine).toBeCloseTo(score(meanTemplate(own), probe), 5);
  }
});
