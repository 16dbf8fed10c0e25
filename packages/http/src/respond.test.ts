import { keepBusy, turnsOf } from '@openfrs/testing/turns';
import { expect, it } from 'vitest';
import { respond } from './respond.ts';

it('an answer of many faces leaves turns of the event loop to others while it is written', async () => {
  // Each takes a millisecond to write.
  const faces = Array.from({ length: 64 }, (_, number) => ({
    get face_id() {
      keepBusy();
      return number;
    },
  }));
  const { result: answer, turns } = await turnsOf(
    respond({ requestId: 'r', operation: 'face-search' }, { status: 200, body: { faces } }),
  );
  expect(turns).toBeGreaterThanOrEqual(3);
  const body = (await answer.json()) as { readonly faces: readonly { readonly face_id: number }[] };
  expect(body.faces.map(({ face_id }) => face_id)).toEqual(faces.map((_, number) => number));
});
