import { expect, it } from 'vitest';
import { FrsError } from '../error.ts';
import { inPath, readParameters, requests } from './index.ts';

type Name = keyof typeof requests;

/** What a caller reads after the code's own wording. */
function detail(name: Name, given: object): string {
  try {
    readParameters<unknown>(requests[name], given as Readonly<Record<string, unknown>>);
  } catch (error) {
    if (error instanceof FrsError) return error.message.replace(/^.*?\. /, '');
    throw error;
  }
  return 'taken';
}

const set = { [inPath]: 'people' };
const picture = { image_base64: '' };
const name = { face_set_name: 'people' };

it.each<[Name, object, string]>([
  ['face-detect', {}, 'One of: image_url, image_file, image_base64.'],
  ['face-detect', { ...picture, image_url: '' }, 'Only one of: image_url, image_file, image_base64.'],
  ['face-detect', { image_base64: 5 }, 'Parameter: image_base64: must be a text.'],
  ['face-detect', { image_file: 'x' }, 'Parameter: image_file: must be a file of a multipart request.'],
  [
    'face-detect',
    { ...picture, attributes: '0,x' },
    'Parameter: attributes: must be a comma-separated list of 0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 21.',
  ],
  ['face-set-create', {}, 'Parameter: face_set_name.'],
  [
    'face-set-create',
    { face_set_name: 'a b' },
    'Parameter: face_set_name: must be 1 to 64 letters, digits, _ or -.',
  ],
  [
    'face-set-create',
    { ...name, face_set_capacity: 0 },
    'Parameter: face_set_capacity: must be a whole number, at least 10000.',
  ],
  [
    'face-set-create',
    { ...name, face_set_capacity: 10_001 },
    'Parameter: face_set_capacity: must be a multiple of 10000.',
  ],
  ['face-set-create', { ...name, external_fields: [] }, 'Parameter: external_fields: must be an object.'],
  ['face-set-show', { [inPath]: '' }, 'Parameter: face_set_name: must be 1 to 64 letters, digits, _ or -.'],
  [
    'face-search',
    { ...set, ...picture, top_n: 0 },
    'Parameter: top_n: must be a whole number from 1 to 1000.',
  ],
  [
    'face-search',
    { ...set, ...picture, threshold: '1.0f' },
    'Parameter: threshold: must be a number from 0 to 1.',
  ],
  ['face-search', { ...set, ...picture, sort: 'a' }, 'Parameter: sort: must be a list.'],
  ['face-search', { ...set, ...picture, sort: [5] }, 'Parameter: sort.0: must be an object.'],
  [
    'face-search',
    { ...set, ...picture, sort: [{ a: 'up' }] },
    'Parameter: sort.0: must be asc or desc for a.',
  ],
  ['face-search', { ...set, ...picture, return_fields: [1] }, 'Parameter: return_fields.0: must be a text.'],
  ['face-search', { ...set, ...picture, filter: {} }, 'Parameter: filter: must be a text.'],
  ['face-search', { ...set, ...picture, group_by: 'a' }, 'Parameter: group_by: must be external_image_id.'],
  [
    'face-search',
    { ...set, ...picture, max_fpir: 0 },
    'Parameter: max_fpir: must be a number between 0 and 1.',
  ],
  ['face-search', { ...set, ...picture, faces: 'a' }, 'Parameter: faces: must be largest or all.'],
  ['face-search', { ...set, face_id: 'a', faces: 'all' }, 'Parameter: faces: must not be all with face_id.'],
  ['face-add', { ...set, ...picture, single: 'yes' }, 'Parameter: single: must be true or false.'],
  [
    'face-add',
    { ...set, ...picture, external_fields: Uint8Array.of(1) },
    'Parameter: external_fields: must be text in the charset of its part (UTF-8 where it tells none).',
  ],
  ['face-list', { ...set, face_id: '' }, 'Parameter: face_id: must not be empty.'],
  [
    'face-list',
    { ...set, face_id: 'a', limit: 1 },
    'Parameter: face_id: must not come together with offset or limit.',
  ],
  [
    'face-list',
    { ...set, offset: 9999, limit: 5 },
    'Parameter: limit: offset + limit must be at most 10000.',
  ],
  ['face-update', { ...set, face_id: 'a' }, 'One of: external_image_id, external_fields.'],
  ['face-delete', set, 'Name the field to delete by: ?field=value.'],
  [
    'face-delete',
    { ...set, a: '1', b: '2' },
    'The request must name exactly one field with one value: ?field=value.',
  ],
  ['live-detect', { video_base64: '' }, 'One of: actions, challenge_id.'],
  [
    'live-detect',
    { video_base64: '', actions: '1', nod_threshold: 91 },
    'Parameter: nod_threshold: must be a number from 1 to 90.',
  ],
])('%s of %j is told: %s', (operation, given, message) => expect(detail(operation, given)).toBe(message));
