/** Files to frames and back. */
export { decodePicture } from './decode.ts';
export { drawnOver } from './drawn-over.ts';
export { encodeJpeg } from './encode.ts';
export { estimatePictureMemory } from './header.ts';
export { resized, turned } from './resize.ts';
