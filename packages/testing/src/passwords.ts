import { createHash } from 'node:crypto';
import type { KeyDerivation } from '@openfrs/core';

/** Hundreds of passwords in no time, where scrypt takes a third of a second each: for tests that are not about what one costs. */
export const quickDerivation: KeyDerivation = {
  derive: async (password, { salt, length }) =>
    createHash('shake256', { outputLength: length }).update(salt).update(password).digest(),
};
