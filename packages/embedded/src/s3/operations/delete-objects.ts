import { announcedAlgorithm } from '../body/checksums.ts';
import { RequestBody, readText } from '../body/receive.ts';
import { S3Error } from '../error.ts';
import { type S3Response, xmlResponse } from '../response.ts';
import { children, parseXml, text } from '../xml.ts';
import { type BucketCall, requireBucket } from './call.ts';

const maxKeys = 1000;

/** DeleteObjects: up to 1,000 keys; keys that aren't there count as deleted. */
export async function deleteObjects({ request, auth, store, bucket }: BucketCall): Promise<S3Response> {
  requireBucket(store, bucket);
  if (request.header('content-md5') === undefined && !announcedAlgorithm(request.header)) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5');
  }
  const document = parseXml(await readText(new RequestBody(request, auth), 2 * 1024 ** 2), 'Delete');
  const keys = children(document, 'Object').map((object) => text(object, 'Key') ?? '');
  if (keys.length === 0 || keys.length > maxKeys || keys.includes('')) throw new S3Error('MalformedXML');
  for (const key of keys) await store.change(bucket, key, 'ObjectRemoved:Delete', undefined, () => {});
  const quiet = text(document, 'Quiet')?.trim() === 'true';
  return xmlResponse('DeleteResult', { Deleted: quiet ? [] : keys.map((Key) => ({ Key })) });
}
