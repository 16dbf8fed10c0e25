import { FrsError } from '@openfrs/contract';

/** Where a stored object is. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const scheme = /^[a-z][a-z0-9+.-]*:/i;
const address = /^https:\/\/([^/?#\\]+)(?:\/(.*))?$/is;

/**
 * Reads an `image_url` or `video_url`: `/bucket/key`, its key as it is; or `https://bucket.<host>/key`, its key
 * percent-encoded, of a host that is configured. Nothing is fetched by its URL: only bucket and key go on.
 * @throws FrsError FRS.0021 not a path of a bucket and a key, FRS.0035 any other address
 */
export function locateObject(url: string, hosts: readonly string[]): ObjectLocation {
  if (scheme.test(url)) return fromAddress(url, hosts);
  const slash = url.indexOf('/', 1);
  if (!url.startsWith('/') || slash < 0) throw invalid();
  return checked(url.slice(1, slash), url.slice(slash + 1));
}

function fromAddress(text: string, hosts: readonly string[]): ObjectLocation {
  const [, authority = '', path = ''] = address.exec(text) ?? [];
  const name = authority.toLowerCase().replace(/:443$/, '');
  const host = hosts.find((one) => name.endsWith(`.${one}`));
  if (!host || name.includes('@')) throw new FrsError('FRS.0035');
  if (/[?#]/.test(path)) throw invalid();
  let key: string;
  try {
    key = decodeURIComponent(path);
  } catch {
    throw invalid();
  }
  return checked(name.slice(0, -host.length - 1), key);
}

/** A key with `.` or `..` between its slashes, of either kind, could be taken for another path on the way, even of another bucket. */
function checked(bucket: string, key: string): ObjectLocation {
  const bytes = Buffer.byteLength(key);
  const climbs = key.split(/[\\/]/).some((part) => part === '.' || part === '..');
  if (!bucketName.test(bucket) || bytes === 0 || bytes > 1024 || climbs || !key.isWellFormed())
    throw invalid();
  return { bucket, key };
}

function invalid(): FrsError {
  return new FrsError('FRS.0021');
}
