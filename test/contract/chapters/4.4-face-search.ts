import { newId } from '@openfrs/contract';
import { describe, expect, it } from 'vitest';
import { plainPicture } from '../../support/photos.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { done, refused } from '../support/client.ts';
import { type FaceBody, withFaceSet } from '../support/face-sets.ts';

const base64 = (file: Buffer) => file.toString('base64');
const probe = { image_base64: base64(smallPhoto(1)) };

type Candidate = FaceBody & { readonly false_match_probability?: number };

interface Found {
  readonly faces: Candidate[];
  readonly threshold?: number;
  readonly results?: readonly { readonly bounding_box: object; readonly faces: Candidate[] }[];
}

describe('4.4 face-search', () => {
  it('gives a pair of photos the similarity that comparing them gives, whichever of them is enrolled', () =>
    withFaceSet({}, async (set) => {
      const pair = [smallPhoto(1), smallPhoto(3)].map(base64) as [string, string];
      const compared = async ([image1_base64, image2_base64]: readonly [string, string]) =>
        (await done<{ similarity: number }>('face-compare', { json: { image1_base64, image2_base64 } }))
          .similarity;
      const similarity = await compared(pair);
      expect(await compared([pair[1], pair[0]])).toBeCloseTo(similarity, 6);
      for (const [enrolled, searched] of [pair, pair.toReversed()] as [string, string][]) {
        const json = { image_base64: enrolled, external_image_id: newId() };
        await done('face-add', { set, json: { ...json, single: true } });
        const found = await done<Found>('face-search', {
          set,
          json: { image_base64: searched, filter: `external_image_id:${json.external_image_id}` },
        });
        expect(found.faces[0]?.similarity).toBeCloseTo(similarity, 6);
      }
    }));

  describe('beyond the reference', () => {
    it('chooses the threshold for the share of strangers that may be found, and for the size of the set', () =>
      withFaceSet({}, async (set) => {
        const search = (more: object) => done<Found>('face-search', { set, json: { ...probe, ...more } });
        const enrol = (number: Parameters<typeof smallPhoto>[0]) =>
          done('face-add', { set, json: { image_base64: base64(smallPhoto(number)), single: true } });
        await enrol(3);
        const plain = await search({});
        expect(Object.keys(plain)).toEqual(['faces']);
        expect(plain.faces[0]).not.toHaveProperty('false_match_probability');

        const of = async (max_fpir: number, more: object = {}) => {
          const { threshold = Number.NaN, faces } = await search({ max_fpir, ...more });
          return { threshold, faces };
        };
        const [strict, lax] = [await of(1e-4), await of(0.01)];
        expect(strict.threshold).toBeCloseTo(0.93, 3);
        expect(lax.threshold).toBeCloseTo(0.7, 1);
        expect((await of(0.01, { threshold: 0.9 })).threshold).toBe(0.9);
        expect(strict.faces.map((face) => face.false_match_probability)).toEqual([expect.any(Number)]);
        expect(strict.faces[0]?.false_match_probability).toBeLessThanOrEqual(1e-4);

        for (const number of [4, 5, 6] as const) await enrol(number);
        expect((await of(1e-4)).threshold).toBeGreaterThan(strict.threshold);
        const told = (await search({ false_match_probability: true })).faces;
        const probabilities = told.map((face) => face.false_match_probability ?? Number.NaN);
        expect(probabilities).toEqual([...probabilities].sort((a, b) => a - b));
        expect(probabilities.at(-1)).toBeGreaterThan(0.1);
        for (const max_fpir of [0, 1, 'some', -1]) {
          await refused('FRS.0012', 'face-search', { set, json: { ...probe, max_fpir } });
        }
      }));

    it('searches for every face of a photo in one call', () =>
      withFaceSet({}, async (set) => {
        const { faces } = await done<Found>('face-add', { set, json: probe });
        expect(faces.length).toBeGreaterThan(1);
        const form = { image_file: smallPhoto(1), faces: 'all', top_n: '2' };
        const all = await done<Found>('face-search', { set, form });
        expect(all.results?.map((result) => result.bounding_box)).toEqual(
          faces.map((face) => face.bounding_box),
        );
        for (const [at, { faces: candidates }] of (all.results ?? []).entries()) {
          expect(candidates[0]?.face_id).toBe(faces[at]?.face_id);
          expect(candidates).toHaveLength(2);
        }
        expect(all.faces).toEqual(all.results?.[0]?.faces);
        const largest = await done<Found>('face-search', {
          set,
          json: { ...probe, faces: 'largest', top_n: 2 },
        });
        expect(largest).toEqual({ faces: all.faces });
        await refused('FRS.0012', 'face-search', { set, json: { ...probe, faces: 'some' } });
        const face_id = faces[0]?.face_id;
        await refused('FRS.0012', 'face-search', { set, json: { face_id, faces: 'all' } });
      }));
  });

  it('finds, filters, sorts and returns as it is told', () =>
    withFaceSet({ id: 'string', timestamp: 'long', weight: 'double' }, async (set) => {
      const rows = [
        { photo: 3, fields: { id: 'three', timestamp: 30, weight: 0.5 } },
        { photo: 5, fields: { id: 'five', timestamp: 10 } },
        { photo: 6, fields: { id: 'six', timestamp: 20, weight: -1.5 } },
      ] as const;
      for (const { photo: number, fields } of rows) {
        const json = {
          image_base64: base64(smallPhoto(number)),
          single: true,
          external_image_id: `p${number}`,
          external_fields: fields,
        };
        await done('face-add', { set, json });
      }
      const search = async (more: object) =>
        (await done<Found>('face-search', { set, json: { ...probe, ...more } })).faces;
      const ids = async (more: object) => (await search(more)).map((face) => face.external_image_id);

      const all = await search({});
      expect(all).toHaveLength(3);
      expect(all[0]).toMatchObject({ external_image_id: 'p3', external_fields: rows[0].fields });
      expect(all[0]?.similarity).toBeGreaterThan(0.93);
      const similarities = all.map((face) => face.similarity);
      expect(similarities).toEqual([...similarities].sort((a, b) => b - a));

      expect(await ids({ threshold: 0.93 })).toEqual(['p3']);
      expect(await ids({ top_n: 1 })).toEqual(['p3']);
      expect(await ids({ top_n: '1', threshold: '0' })).toEqual(['p3']);
      expect(await ids({ filter: 'timestamp:[10 TO 20]', sort: [{ timestamp: 'asc' }] })).toEqual([
        'p5',
        'p6',
      ]);
      expect(await ids({ filter: '(!id:three) && (external_image_id:p5 || weight:{* TO 0})' })).toHaveLength(
        2,
      );
      expect(await ids({ filter: 'weight:[* TO *]', sort: [{ weight: 'asc' }] })).toEqual(['p6', 'p3']);
      expect(await ids({ filter: '(!weight:0.5)', sort: [{ timestamp: 'desc' }] })).toEqual(['p6', 'p5']);
      expect(await ids({ sort: [{ timestamp: 'desc' }] })).toEqual(['p3', 'p6', 'p5']);
      expect(await ids({ sort: [{ weight: 'desc' }] })).toEqual(['p3', 'p6', 'p5']);
      expect(await ids({ sort: [{ timestamp: 'asc' }, { timestamp: 'desc' }] })).toEqual(['p3', 'p6', 'p5']);
      // The most similar are chosen first, then sorted.
      expect(await ids({ top_n: 1, sort: [{ timestamp: 'asc' }] })).toEqual(['p3']);

      expect((await search({ return_fields: ['id'] }))[0]?.external_fields).toEqual({ id: 'three' });
      expect((await search({ return_fields: [] }))[0]?.external_fields).toEqual({});

      const face_id = all[2]?.face_id;
      const itself = await done<Found>('face-search', { set, json: { face_id, threshold: 1 } });
      expect(itself.faces).toMatchObject([{ face_id, similarity: 1 }]);
      const others = await done<Found>('face-search', {
        set,
        json: { face_id, filter: `(!face_id:${face_id})` },
      });
      expect(others.faces.map((face) => face.face_id)).not.toContain(face_id);

      const form = {
        image_file: smallPhoto(1),
        return_fields: '["id","timestamp"]',
        sort: '[{"timestamp":"asc"}]',
        filter: 'timestamp:[20 TO *]',
        top_n: '2',
        threshold: '0.0',
      };
      expect((await done<Found>('face-search', { set, form })).faces).toMatchObject([
        { external_fields: { id: 'six', timestamp: 20 } },
        { external_fields: { id: 'three', timestamp: 30 } },
      ]);

      // Beyond the reference: a person's faces count as one, by their mean.
      const again = { image_base64: base64(smallPhoto(6)), single: true, external_image_id: 'p3' };
      await done('face-add', { set, json: again });
      expect(await ids({})).toHaveLength(4);
      const people = await search({ group_by: 'external_image_id' });
      expect(people.map((face) => face.external_image_id).sort()).toEqual(['p3', 'p5', 'p6']);
      const three = people.find((face) => face.external_image_id === 'p3');
      expect(three?.face_id).toBe(all[0]?.face_id);
      expect(three?.similarity).toBeLessThan(all[0]?.similarity ?? 0);
      await refused('FRS.0012', 'face-search', { set, json: { ...probe, group_by: 'age' } });

      const judged = { image_base64: base64(plainPicture(100, 100)) };
      await refused('FRS.0304', 'face-search', { set, json: judged });
      await refused('FRS.0029', 'face-search', { set, json: { ...judged, filter: 'other:1' } });
      await refused('FRS.0029', 'face-search', { set, json: { ...judged, filter: 'timestamp:a' } });
      await refused('FRS.0030', 'face-search', { set, json: { ...judged, return_fields: ['other'] } });
      await refused('FRS.0031', 'face-search', { set, json: { ...judged, sort: [{ other: 'asc' }] } });
      await refused('FRS.0031', 'face-search', {
        set,
        json: { ...judged, return_fields: ['id'], sort: [{ timestamp: 'asc' }] },
      });
      await refused('FRS.0032', 'face-search', { set, json: { ...judged, sort: [{ id: 'asc' }] } });
      await refused('FRS.0403', 'face-search', { set, json: { face_id: 'AAAAAAAA' } });
    }));

  it('in an empty set finds nothing', () =>
    withFaceSet({}, async (set) => {
      expect(await done('face-search', { set, json: probe })).toEqual({ faces: [] });
    }));

  it('needs exactly one of its four alternatives', async () => {
    await refused('FRS.0011', 'face-search', { set: 'nowhere', json: { top_n: 5 } });
    await refused('FRS.0012', 'face-search', { set: 'nowhere', json: { ...probe, face_id: 'a' } });
    await refused('FRS.0302', 'face-search', { set: 'nowhere', json: probe });
  });

  it.each([
    { top_n: 0 },
    { top_n: 1001 },
    { top_n: 1.5 },
    { top_n: '10L' },
    { top_n: '' },
    { top_n: [] },
    { threshold: -0.1 },
    { threshold: 1.1 },
    { threshold: '0.9f' },
    { threshold: 'NaN' },
    { threshold: '' },
    { sort: 'timestamp' },
    { sort: { timestamp: 'asc' } },
    { sort: [{ timestamp: 'up' }] },
    { sort: ['timestamp'] },
    { filter: 5 },
    { filter: {} },
    { return_fields: 'id' },
    { return_fields: [5] },
    { return_fields: { id: 1 } },
    { face_id: 5, image_base64: null },
  ])('refuses %j, before it looks for the set', (more) =>
    refused('FRS.0012', 'face-search', { set: 'nowhere', json: { ...probe, ...more } }),
  );
});
