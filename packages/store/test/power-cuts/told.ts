/** What the program tells of its work, a JSON object a line: that it begins something, and that it was acknowledged. */
export type Told =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'set-made' }
  | { readonly kind: 'adding'; readonly seeds: readonly number[] }
  | {
      readonly kind: 'added';
      readonly faces: readonly { readonly faceId: string; readonly seed: number; readonly age: number }[];
    }
  | { readonly kind: 'updating' | 'updated'; readonly faceId: string; readonly age: number }
  | { readonly kind: 'removing' | 'removed'; readonly faceId: string }
  /** `version` absent: the object is deleted. */
  | { readonly kind: 'putting' | 'put'; readonly key: string; readonly version?: number };

export const projectId = 'power-cuts';
export const setName = 'people';
export const objectBucket = 'objects';

/** What an object holds in a version: no two are alike. */
export function objectBody(key: string, version: number): Buffer {
  const line = `${key} ${version} ${'.'.repeat(version % 97)}\n`;
  return Buffer.from(line.repeat(1 + ((version * 7919) % 9000)));
}
