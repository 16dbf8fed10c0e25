import { scrypt } from 'node:crypto';

export interface ScryptParameters {
  /** Cost, a power of two; with `r` it says how much memory is taken: 128 × N × r bytes. */
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array;
  /** Of the key, in bytes. */
  readonly length: number;
}

/** Where passwords are hashed: a host that has other work to do provides a thread of its own. */
export interface KeyDerivation {
  /** scrypt (RFC 7914). @throws Error parameters that can't be */
  derive(password: string, parameters: ScryptParameters): Promise<Uint8Array>;
}

/** Node's option `maxmem`: what scrypt needs, and as much again. */
export const scryptMemory = ({ N, r }: Pick<ScryptParameters, 'N' | 'r'>): number => 256 * N * r;

/** In libuv's pool: for a process that has one request at a time (Lambda) or none (the command line). */
export const scryptInPool: KeyDerivation = {
  derive: (password, { salt, length, N, r, p }) =>
    new Promise((resolve, reject) => {
      const options = { N, r, p, maxmem: scryptMemory({ N, r }) };
      scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
    }),
};
