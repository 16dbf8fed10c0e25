import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Credentials } from '../../auth/credentials.ts';
import { checkPostPolicy, type FormFields, type LengthRange } from '../../auth/post-policy.ts';
import { S3Error } from '../error.ts';
import type { S3Request } from '../request.ts';
import { type S3Response, xmlResponse } from '../response.ts';
import type { Store } from '../store.ts';
import { requireBucket } from './call.ts';
import { keptHeaders, metadata } from './object-headers.ts';

/** S3's limit for the form without its file. */
const maxFormBytes = 20_000;

interface Upload {
  readonly fields: FormFields;
  readonly range: LengthRange;
  readonly file: Readable;
  readonly fileName: string;
}

/** A form's upload: a browser's POST to the bucket, allowed by the signed policy that it carries. */
export function isPost(request: S3Request): boolean {
  const type = request.header('content-type') ?? '';
  return request.method === 'POST' && request.key === undefined && type.startsWith('multipart/form-data');
}

export async function postObject(
  request: S3Request,
  store: Store,
  credentials: Credentials,
): Promise<S3Response> {
  const bucket = request.bucket ?? '';
  requireBucket(store, bucket);
  const { fields, range, file, fileName } = await readForm(request, (form) =>
    checkPostPolicy(form, bucket, credentials, new Date()),
  );
  const key = (fields.get('key') ?? '').replaceAll(`\${filename}`, fileName);
  if (key === '') throw new S3Error('InvalidArgument', "Bucket POST must contain a field named 'key'.");
  if (Buffer.byteLength(key) > 1024) throw new S3Error('KeyTooLongError');
  if (fields.has('success_action_redirect'))
    throw new S3Error('NotImplemented', 'Redirects are not implemented.');
  const md5 = createHash('md5');
  const blob = await store.blobs.write(limited(file, range, md5));
  const etag = md5.digest('hex');
  try {
    const headers = {
      ...Object.fromEntries([...fields].filter(([name]) => keptHeaders.includes(name))),
      ...metadata([...fields].filter(([name]) => name.startsWith('x-amz-meta-'))),
    };
    const next = { size: blob.size, etag, headers, blobs: [blob] };
    await store.change(bucket, key, 'ObjectCreated:Post', next, () => requireBucket(store, bucket));
  } catch (error) {
    await store.blobs.remove([blob]);
    throw error;
  }
  const location = `/${bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}`;
  const headers = { etag: `"${etag}"`, location };
  switch (fields.get('success_action_status')) {
    case '200':
      return { status: 200, headers };
    case '201': {
      const content = { Location: location, Bucket: bucket, Key: key, ETag: `"${etag}"` };
      const answer = xmlResponse('PostResponse', content);
      return { ...answer, status: 201, headers: { ...answer.headers, ...headers } };
    }
    default:
      return { status: 204, headers };
  }
}

/** The form's fields, checked, and its file, not yet read: the file is the last part. */
function readForm(request: S3Request, check: (fields: FormFields) => LengthRange): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const malformed = () => reject(new S3Error('MalformedPOSTRequest'));
    let form: busboy.Busboy;
    try {
      form = busboy({
        headers: request.incoming.headers,
        limits: { fieldSize: maxFormBytes, fields: 100, files: 1, fileSize: Number.POSITIVE_INFINITY },
      });
    } catch {
      malformed();
      return;
    }
    const fields = new Map<string, string>();
    let size = 0;
    form.on('field', (name, value, { valueTruncated }) => {
      size += name.length + value.length;
      if (valueTruncated || size > maxFormBytes) malformed();
      fields.set(name.toLowerCase(), value);
    });
    form.on('file', (name, file, { filename }) => {
      // A broken form fails the reading of the file, too.
      form.once('error', (error) => file.destroy(error as Error));
      request.incoming.once('close', () => {
        if (!request.incoming.complete) file.destroy(new S3Error('IncompleteBody'));
      });
      try {
        if (name !== 'file') throw new S3Error('MalformedPOSTRequest');
        resolve({ fields, range: check(fields), file, fileName: filename ?? '' });
      } catch (error) {
        file.resume();
        reject(error);
      }
    });
    form.on('error', malformed);
    form.on('close', () => reject(new S3Error('InvalidArgument', 'POST requires exactly one file upload.')));
    request.incoming.pipe(form);
  });
}

async function* limited(
  file: AsyncIterable<Buffer>,
  range: LengthRange,
  md5: { update(bytes: Uint8Array): unknown },
): AsyncGenerator<Buffer> {
  const limits = { MinSizeAllowed: String(range.min), MaxSizeAllowed: String(range.max) };
  let size = 0;
  for await (const chunk of file) {
    size += chunk.length;
    if (size > range.max) throw new S3Error('EntityTooLarge', undefined, limits);
    md5.update(chunk);
    yield chunk;
  }
  if (size < range.min) throw new S3Error('EntityTooSmall', undefined, limits);
}
