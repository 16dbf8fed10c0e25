import type { FrsOperationName } from '@openfrs/contract';
import type { Request } from '../../contract/support/client.ts';
import { smallPhoto } from '../../support/small-photos.ts';

const image_base64 = smallPhoto(3).toString('base64');

/** A request of each operation that is right in itself: only the caller or what it is about may be wrong. */
export const valid: Readonly<Record<FrsOperationName, () => Request>> = {
  'face-detect': () => ({ json: { image_base64 } }),
  'face-compare': () => ({ json: { image1_base64: image_base64, image2_base64: image_base64 } }),
  'live-detect': () => ({ json: { video_base64: image_base64, actions: '1' } }),
  'live-challenge-create': () => ({}),
  'live-detect-face': () => ({ json: { image_base64 } }),
  'face-set-create': () => ({ json: { face_set_name: 'a-new-one' } }),
  'face-set-list': () => ({}),
  'face-set-show': () => ({}),
  'face-set-delete': () => ({}),
  'face-search': () => ({ json: { image_base64 } }),
  'face-add': () => ({ json: { image_base64 } }),
  'face-list': () => ({}),
  'face-update': () => ({ json: { face_id: 'AAAAAAAA', external_image_id: 'x' } }),
  'face-delete': () => ({ query: 'external_image_id=victims-image' }),
  'face-delete-batch': () => ({ json: { filter: 'external_image_id:victims-image' } }),
  'upload-create': () => ({}),
  'subscription-show': () => ({}),
};

/** The parameters of each operation that name stored media, with what else the request needs. */
export const addressed: readonly (readonly [FrsOperationName, (url: string) => object])[] = [
  ['face-detect', (image_url) => ({ image_url })],
  ['face-compare', (image1_url) => ({ image1_url, image2_base64: image_base64 })],
  ['face-compare', (image2_url) => ({ image1_base64: image_base64, image2_url })],
  ['live-detect', (video_url) => ({ video_url, actions: '1' })],
  ['live-detect-face', (image_url) => ({ image_url })],
  ['face-search', (image_url) => ({ image_url })],
  ['face-add', (image_url) => ({ image_url })],
];
