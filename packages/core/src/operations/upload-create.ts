import { randomBytes } from 'node:crypto';
import type { ResponseOf } from '@openfrs/contract';
import type { Uploads } from '../ports/uploads.ts';
import { maxMediaBytes, uploadPrefix } from './media.ts';
import type { UseCase } from './use-case.ts';

/** A form is good for so long. */
const validMs = 10 * 60_000;

/**
 * Beyond the reference: a form that takes a file of up to 8 MB past the gateway's own limit. Its path works as
 * `image_url` and `video_url` for this project; the file is deleted within a day.
 */
export const uploadCreate: UseCase<
  object,
  { readonly uploads: Uploads; readonly now: () => Date },
  ResponseOf<'upload-create'>
> = async (_, project, { uploads, now }) => {
  const key = `${uploadPrefix(project.id)}${randomBytes(18).toString('base64url')}`;
  const expires = new Date(now().getTime() + validMs);
  const { url, fields } = await uploads.form(key, maxMediaBytes, expires);
  return {
    url,
    fields: { ...fields },
    path: `/${uploads.bucket}/${key}`,
    max_bytes: maxMediaBytes,
    expires_at: expires.toISOString(),
  };
};
