import { photo } from '../../support/photos.ts';
import type { Call, Counts } from './calls.ts';

interface Faces {
  readonly faces: readonly { readonly face_id: string; readonly external_image_id: string }[];
}
interface Deleted {
  readonly face_number: number;
}

const photos = ([1, 2, 3, 4, 5, 6] as const).map((number) => photo(number).toString('base64'));

/**
 * One set from its creation to its deletion, by photos: group photos whose faces are all added, faces that are changed,
 * searched by photo and by face_id, deleted one by one and by filter.
 */
export async function photoRound(call: Call, set: string, counts: Counts): Promise<void> {
  const external_fields = { number: { type: 'long' }, place: { type: 'string' } };
  await call('POST', '', { face_set_name: set, external_fields });
  counts.sets += 1;
  const added: string[] = [];
  for (const [number, image_base64] of photos.entries()) {
    const answer = await call<Faces>('POST', `/${set}/faces`, {
      image_base64,
      external_image_id: `photo-${number}`,
      external_fields: { number, place: number % 2 === 0 ? 'here' : 'there' },
    });
    added.push(...(answer?.faces ?? []).map(({ face_id }) => face_id));
    counts.facesAdded += answer?.faces.length ?? 0;
  }
  for (const face_id of added.slice(0, 3)) {
    await call('PUT', `/${set}/faces`, { face_id, external_fields: { number: 77 } });
    counts.updates += 1;
  }
  await finds(call, set, { image_base64: photos[1] }, counts);
  await finds(call, set, { face_id: added[0], filter: 'number:77', sort: [{ number: 'asc' }] }, counts);
  await call('GET', `/${set}/faces?offset=2&limit=5`);
  const removals = [
    ['DELETE', `/${set}/faces?face_id=${added[0]}`],
    ['DELETE', `/${set}/faces?external_image_id=photo-4`],
    ['DELETE', `/${set}/faces/batch`, { filter: 'place:there' }],
  ] as const;
  for (const [method, path, json] of removals) {
    const deleted = await call<Deleted>(method, path, json);
    counts.facesDeleted += deleted?.face_number ?? 0;
  }
  await call('DELETE', `/${set}`);
  counts.setsDeleted += 1;
}

/** A search of the set that must find something. */
export async function finds(call: Call, set: string, probe: object, counts: Counts): Promise<void> {
  const found = await call<Faces>('POST', `/${set}/search`, { ...probe, top_n: 5 });
  counts.searches += 1;
  if (found?.faces.length !== 0) return;
  counts.faults += 1;
  console.log(`fault: a search in ${set} found nothing`);
}
