import { photo } from '../../../support/photos.ts';
import type { Shot } from './ask.ts';
import type { Target } from './target.ts';

const body = [Buffer.from(JSON.stringify({ image_base64: photo(4).toString('base64') }))];

/** What the honest client asks: an ordinary photo. */
export const honestPicture = ({ projectId, token }: Target): Shot => ({
  path: `/v2/${projectId}/face-detect`,
  headers: { 'x-auth-token': token, 'content-type': 'application/json' },
  body,
});
