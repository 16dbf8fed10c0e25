/** Lets callers put files into the media bucket without passing through the service. */
export interface Uploads {
  /** Files are put there and can be named in `image_url` and `video_url` by their own project. */
  readonly bucket: string;
  /** A form that uploads one file of at most `maxBytes` as `key`, until `expires`. */
  form(
    key: string,
    maxBytes: number,
    expires: Date,
  ): Promise<{ readonly url: string; readonly fields: Readonly<Record<string, string>> }>;
}
