import { S3Error } from '../s3/error.ts';
import { algorithm, type Credentials, hmac, parseScope, sameText, signingKey } from './credentials.ts';

/** How large the file may be, in bytes; both ends included. */
export interface LengthRange {
  readonly min: number;
  readonly max: number;
}

/** Form fields, names in lower case. */
export type FormFields = ReadonlyMap<string, string>;

const unchecked = ['x-amz-signature', 'policy', 'file'];

const refuse = (why: string) => new S3Error('AccessDenied', `Invalid according to Policy: ${why}`);

/**
 * Checks a browser upload against its signed policy ("POST policy" in S3's API reference): the signature, the time,
 * each condition, and that no field goes without one. Returns the size that the policy allows.
 * @throws S3Error AccessDenied, SignatureDoesNotMatch, InvalidAccessKeyId
 */
export function checkPostPolicy(
  fields: FormFields,
  bucket: string,
  credentials: Credentials,
  now: Date,
): LengthRange {
  const encoded = fields.get('policy');
  if (encoded === undefined || fields.get('x-amz-algorithm') !== algorithm) throw new S3Error('AccessDenied');
  const scope = parseScope(fields.get('x-amz-credential') ?? '', 's3', credentials);
  const expected = hmac(signingKey(scope, credentials.secretAccessKey), encoded).toString('hex');
  if (!sameText(fields.get('x-amz-signature') ?? '', expected)) throw new S3Error('SignatureDoesNotMatch');
  const policy = parsePolicy(encoded);
  if (!(Date.parse(policy.expiration) > now.getTime())) throw refuse('Policy expired.');
  const values = new Map([...fields, ['bucket', bucket]]);
  const covered = new Set<string>(unchecked);
  let range: LengthRange = { min: 0, max: Number.POSITIVE_INFINITY };
  for (const condition of policy.conditions) {
    const { kind, name, value } = condition;
    if (kind === 'content-length-range') {
      range = { min: Math.max(range.min, condition.min), max: Math.min(range.max, condition.max) };
      continue;
    }
    covered.add(name);
    const given = values.get(name) ?? '';
    if (kind === 'eq' ? given !== value : !given.startsWith(value)) {
      throw refuse(`Policy Condition failed: ["${kind}", "$${name}", "${value}"]`);
    }
  }
  const extra = [...fields.keys()].filter((name) => !covered.has(name) && !name.startsWith('x-ignore-'));
  if (extra.length > 0) throw refuse(`Extra input fields: ${extra.join(', ')}`);
  return range;
}

type Condition =
  | { readonly kind: 'eq' | 'starts-with'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'content-length-range';
      readonly name: '';
      readonly value: '';
      readonly min: number;
      readonly max: number;
    };

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly Condition[];
}

function parsePolicy(encoded: string): Policy {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(encoded, 'base64').toString());
  } catch {
    throw refuse('Invalid JSON.');
  }
  const { expiration, conditions } = (document ?? {}) as { expiration?: unknown; conditions?: unknown };
  if (typeof expiration !== 'string' || !Array.isArray(conditions)) throw refuse('Invalid Policy.');
  return { expiration, conditions: conditions.flatMap(parseCondition) };
}

function parseCondition(condition: unknown): Condition[] {
  if (Array.isArray(condition)) {
    const [kind, first, second] = condition as unknown[];
    const word = typeof kind === 'string' ? kind.toLowerCase() : '';
    if (word === 'content-length-range') {
      const [min, max] = [Number(first), Number(second)];
      if (Number.isFinite(min) && Number.isFinite(max))
        return [{ kind: word, name: '', value: '', min, max }];
    }
    const names = typeof first === 'string' && first.startsWith('$') && typeof second === 'string';
    if ((word === 'eq' || word === 'starts-with') && names) {
      return [{ kind: word, name: first.slice(1).toLowerCase(), value: second }];
    }
  } else if (typeof condition === 'object' && condition !== null) {
    return Object.entries(condition).map(([name, value]) => ({
      kind: 'eq' as const,
      name: name.toLowerCase(),
      value: String(value),
    }));
  }
  throw refuse('Invalid Condition.');
}
