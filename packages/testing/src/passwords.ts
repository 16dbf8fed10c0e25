import { createHash } from 'node:crypto';
import { type KeyDerivation, scryptInPool } from '@openfrs/core';

/** Hundreds of passwords in no time, where scrypt takes a third of a second each: for tests that are not about what one costs. */
export const quickDerivation: KeyDerivation = {
  derive: async (password, { salt, length }) =>
    createHash('shake256', { outputLength: length }).update(salt).update(password).digest(),
};

/** scrypt with a sixteenth of its cost: for tests that hold the work of one password against that of another. */
export const lighterScrypt: KeyDerivation = {
  derive: (password, { N, ...parameters }) => scryptInPool.derive(password, { ...parameters, N: N / 16 }),
};
