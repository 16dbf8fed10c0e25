/** The contract's limits of a picture: sides in pixels of the upright picture, bytes of the file. */
const longestSide = 4096;
const shortestSide = 2160;
export const mostBytes = 8 * 1024 * 1024;
/** What the service reads as it is. */
export const acceptedTypes: readonly string[] = ['image/jpeg', 'image/png', 'image/bmp'];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size that a picture is sent in: its own, or the largest of its shape within the limits. `scale` is at most 1. */
export function sizeToSend({ width, height }: Size): Size & { readonly scale: number } {
  const scale = Math.min(1, longestSide / Math.max(width, height), shortestSide / Math.min(width, height));
  return { width: Math.floor(width * scale), height: Math.floor(height * scale), scale };
}
