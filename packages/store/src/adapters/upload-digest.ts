import { createHash } from 'node:crypto';
import type { Upload } from '@openfrs/core';

/** Names one version of one object. */
export const uploadDigest = ({ bucket, key, version }: Upload) =>
  createHash('sha256')
    .update(JSON.stringify([bucket, key, version]))
    .digest('base64url');
