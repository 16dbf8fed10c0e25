import { keepBusy, turnsOf } from '@openfrs/testing/turns';
import { expect, it } from 'vitest';
import type { Project } from '../ports/accounts.ts';
import type { FaceSet, SearchHit } from '../ports/face-sets.ts';
import { faceSearch, type SearchPorts } from './face-search.ts';

it('an answer of many faces is made in several turns of the event loop', async () => {
  const set = { name: 'large', fields: {}, model: 'm', faceNumber: 64 } as unknown as FaceSet;
  const hits = Array.from({ length: 64 }, (_, number): SearchHit => {
    const box = { topLeftX: 0, topLeftY: 0, width: 1, height: 1 };
    const externalImageId = String(number);
    // Each takes a millisecond to answer.
    const slow = {
      get fields() {
        keepBusy();
        return {};
      },
    };
    return Object.defineProperties(
      { faceId: `face-${number}`, box, externalImageId, cosine: 1 - number / 64, fields: {} },
      Object.getOwnPropertyDescriptors(slow),
    );
  });
  const model = { id: 'm', similarity: (cosine: number) => cosine };
  const ports = {
    faceSets: { searchNamed: async () => ({ set, hits }) },
    vision: { model, modelOf: () => model },
  } as unknown as SearchPorts;
  const request = {
    ...{ faceSetName: 'large', probe: { kind: 'face' as const, faceId: 'a' }, topN: 64, threshold: 0 },
    ...{ filter: undefined, returnFields: undefined, sort: new Map() },
  } as unknown as Parameters<typeof faceSearch>[0];

  const { signal } = new AbortController();
  const { result: answer, turns } = await turnsOf(faceSearch(request, { id: 'p' } as Project, ports, signal));
  expect(turns).toBeGreaterThanOrEqual(3);
  expect(answer.faces.map(({ face_id }) => face_id)).toEqual(hits.map(({ faceId }) => faceId));
});
