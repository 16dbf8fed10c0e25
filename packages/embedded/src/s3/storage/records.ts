/** What the catalog keeps of a bucket. */
export interface BucketRecord {
  readonly createdAt: string;
}

/** One file with object bytes; an object of a multipart upload has one a part. */
export interface BlobRef {
  readonly id: string;
  readonly size: number;
  /** Checksums of its pieces (`PieceSums`); a data folder of format 1 has none, and gets them as it is opened. */
  readonly sums?: string;
}

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
  /** Base64, with `-<parts>` behind it when composite. */
  readonly value: string;
}

/** Headers that an object keeps: Content-Type and its like, and `x-amz-meta-*`; names in lower case. */
export type ObjectHeaders = Readonly<Record<string, string>>;

/** The catalog's entry of an object: replaced as a whole, so that a reader sees the old or the new one. */
export interface ObjectRecord {
  readonly size: number;
  /** Hex without quotes. */
  readonly etag: string;
  /** ISO 8601. */
  readonly modifiedAt: string;
  readonly headers: ObjectHeaders;
  readonly blobs: readonly BlobRef[];
  readonly checksum?: StoredChecksum;
  /** Hex, growing with every write to the store: tells writes to one key apart and orders them. */
  readonly sequencer: string;
}

export interface UploadRecord {
  readonly key: string;
  readonly startedAt: string;
  readonly headers: ObjectHeaders;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: StoredChecksum['type'] };
}

export interface PartRecord {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: string;
  readonly blob: BlobRef;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}
