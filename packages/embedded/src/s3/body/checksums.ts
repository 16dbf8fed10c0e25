import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c } from '@aws-crypto/crc32c';
import { Crc64Nvme } from '@aws-sdk/crc64-nvme';
import { S3Error } from '../error.ts';
import type { ChecksumAlgorithm } from '../storage/records.ts';

const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

/** A running digest over a body. */
export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Promise<Buffer>;
}

const fourBytes = (value: number) => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value >>> 0);
  return out;
};

export function createDigest(algorithm: ChecksumAlgorithm | 'MD5'): Digest {
  switch (algorithm) {
    case 'CRC32': {
      let value = 0;
      return {
        update: (bytes) => {
          value = crc32(bytes, value);
        },
        digest: async () => fourBytes(value),
      };
    }
    case 'CRC32C': {
      const state = new Crc32c();
      return { update: (bytes) => void state.update(bytes), digest: async () => fourBytes(state.digest()) };
    }
    case 'CRC64NVME': {
      const state = new Crc64Nvme();
      return {
        update: (bytes) => state.update(bytes),
        digest: async () => Buffer.from(await state.digest()),
      };
    }
    default: {
      const hash = createHash(algorithm.toLowerCase());
      return { update: (bytes) => void hash.update(bytes), digest: async () => hash.digest() };
    }
  }
}

/** The header (and XML element, less its prefix) of an algorithm's value. */
export const checksumHeader = (algorithm: ChecksumAlgorithm) => `x-amz-checksum-${algorithm.toLowerCase()}`;
export const checksumElement = (algorithm: ChecksumAlgorithm) => `Checksum${algorithm}`;

/** @throws S3Error InvalidRequest for a word that names no algorithm */
export function parseAlgorithm(name: string): ChecksumAlgorithm {
  const found = checksumAlgorithms.find((algorithm) => algorithm === name.toUpperCase());
  if (!found) throw new S3Error('InvalidRequest', 'Checksum algorithm provided is unsupported.');
  return found;
}

/** The algorithm whose value a request announces in its headers or in its trailer. */
export function announcedAlgorithm(
  header: (name: string) => string | undefined,
): ChecksumAlgorithm | undefined {
  const trailer = header('x-amz-trailer')?.trim().toLowerCase();
  const found = checksumAlgorithms.filter(
    (algorithm) => header(checksumHeader(algorithm)) !== undefined || trailer === checksumHeader(algorithm),
  );
  if (found.length > 1) throw new S3Error('InvalidRequest', 'Expecting a single x-amz-checksum- header.');
  return found[0];
}
