import { createRequire } from 'node:module';
import type Sharp from 'sharp';

/** sharp, found also where a cloud layer holds it: a bare ESM import does not look into NODE_PATH. */
export const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

// Every picture is seen once: caching operations would only hold memory.
sharp.cache(false);
