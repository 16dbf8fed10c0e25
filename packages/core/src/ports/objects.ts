/** Stored media that `image_url` and `video_url` name. */
export interface Objects {
  /**
   * Reads one object whole. `maxBytes` is checked by HEAD before reading and again while reading.
   * @throws FrsError FRS.0024 no such object or bucket, FRS.0023 larger than `maxBytes`, FRS.0022 any other failure
   */
  read(bucket: string, key: string, maxBytes: number): Promise<Uint8Array>;
  /** Likewise, with the object's own metadata (`x-amz-meta-*`, names in lower case). */
  readWithMetadata(
    bucket: string,
    key: string,
    maxBytes: number,
  ): Promise<{
    readonly bytes: Uint8Array;
    readonly metadata: Readonly<Record<string, string>>;
    readonly etag: string;
  }>;
}
