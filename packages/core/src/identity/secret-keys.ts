import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 6;

interface DerivedKey {
  /** Public: names the key in tokens and seals, tells nothing about it. */
  readonly id: string;
  readonly sealing: Buffer;
  /** Of crops of faces: there may be millions, which leave the key of secrets alone. */
  readonly crops: Buffer;
  readonly signing: Buffer;
}

/**
 * The service's secrets, derived by HKDF-SHA-256 (RFC 5869) from `FRS_SECRET_KEY`, one set a use: the first
 * key seals and signs, every key opens and verifies, so that keys can be rotated.
 */
export interface SecretKeys {
  /** AES-256-GCM under the first key; `context` (the AK) must be the same on opening. */
  seal(secret: string, context: string): string;
  /** @throws Error when no key opens it: another FRS_SECRET_KEY sealed it, or it was altered */
  open(sealed: string, context: string): string;
  /** The same of a crop of a face: a version, the key's id, a nonce, the ciphertext and its tag. */
  sealCrop(crop: Uint8Array, context: string): Uint8Array;
  /** @throws Error as `open` does */
  openCrop(sealed: Uint8Array, context: string): Uint8Array;
  /** 256-bit HMAC keys of tokens by key id. */
  readonly signing: { readonly id: string; readonly key: Uint8Array };
  signingKey(id: string): Uint8Array | undefined;
}

/**
 * Reads `FRS_SECRET_KEY`: base64 of 32 bytes, several separated by commas for rotation (the newest first).
 * @throws Error naming the remedy when it is missing or malformed; the value itself is never in the message
 */
export function secretKeys(text: string): SecretKeys {
  const keys = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(derive);
  const [first] = keys;
  if (first === undefined) {
    throw new Error(
      'FRS_SECRET_KEY is empty: set it to the base64 of 32 random bytes (openssl rand -base64 32)',
    );
  }
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    seal: (secret, context) => seal(first, secret, context),
    open(sealed, context) {
      const key = byId.get(sealingKeyId(sealed));
      if (key === undefined) {
        throw new Error(
          'A stored secret was sealed with a key that is not in FRS_SECRET_KEY: add that key to the list',
        );
      }
      return open(key, sealed, context);
    },
    sealCrop: (crop, context) =>
      Buffer.concat([cropHead(first), sealBytes(first.crops, Buffer.from(crop), context)]),
    openCrop(sealed, context) {
      const bytes = Buffer.from(sealed);
      const head = bytes.subarray(0, 1 + KEY_ID_BYTES);
      const key = keys.find((one) => cropHead(one).equals(head));
      if (key === undefined) {
        throw new Error(
          'A crop was sealed with a key that is not in FRS_SECRET_KEY: add that key to the list',
        );
      }
      return openBytes(key.crops, bytes.subarray(head.length), context);
    },
    signing: { id: first.id, key: first.signing },
    signingKey: (id) => byId.get(id)?.signing,
  };
}

/** The public id of the key that sealed a secret. */
export function sealingKeyId(sealed: string): string {
  return sealed.split('.')[1] ?? '';
}

/** A new value for `FRS_SECRET_KEY`. */
export function newSecretKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

function derive(text: string): DerivedKey {
  const secret = Buffer.from(text, 'base64');
  if (secret.length !== KEY_BYTES || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) {
    throw new Error(
      'FRS_SECRET_KEY holds a key that is not the base64 of 32 bytes (openssl rand -base64 32)',
    );
  }
  const take = (use: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `openfrs ${use} v1`, bytes));
  return {
    id: take('key id', KEY_ID_BYTES).toString('base64url'),
    sealing: take('sealing', KEY_BYTES),
    crops: take('crops', KEY_BYTES),
    signing: take('tokens', KEY_BYTES),
  };
}

function seal(key: DerivedKey, secret: string, context: string): string {
  return `v1.${key.id}.${sealBytes(key.sealing, Buffer.from(secret), context).toString('base64url')}`;
}

function open(key: DerivedKey, sealed: string, context: string): string {
  const [version, , text = ''] = sealed.split('.');
  if (version !== 'v1') throw new Error('A stored secret is malformed');
  return openBytes(key.sealing, Buffer.from(text, 'base64url'), context).toString('utf8');
}

const CROP_VERSION = 1;
/** The key's id has six bytes, as eight letters of Base64. */
const cropHead = ({ id }: DerivedKey) =>
  Buffer.concat([Buffer.of(CROP_VERSION), Buffer.from(id, 'base64url')]);

/** Nonce, ciphertext, tag. */
function sealBytes(key: Buffer, secret: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

function openBytes(key: Buffer, box: Buffer, context: string): Buffer {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw new Error('A stored secret is malformed');
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
