import { hkdfSync } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 52^4: a face id is two halves of four letters. */
const half = 52 ** 4;
const rounds = 6;

/**
 * The names of a set's faces: a keyed one-to-one map between numbers in [0, 52^8) and ids of 8 letters. Ids look
 * random, can't collide, and lead to the face's record without an index.
 */
export interface FaceIds {
  /** @param number a whole number in [0, 52^8) */
  idOf(number: number): string;
  /** The number behind an id; `undefined` for a text that isn't 8 letters. */
  numberOf(id: string): number | undefined;
}

/**
 * A balanced Feistel network over two halves modulo 52^4 (so no cycle walking is needed). Its round function is
 * MurmurHash3's 32-bit finaliser with keys drawn by HKDF: ids are names, not secrets, and 1,000 of them are made
 * for one search.
 * @param key the set's own key, 16 bytes
 */
export function faceIds(key: Uint8Array): FaceIds {
  const keys = new Uint32Array(hkdfSync('sha256', key, '', 'openfrs face ids', rounds * 4));
  const mix = (round: number, value: number) => finalise(value ^ (keys[round] as number)) % half;
  return {
    idOf(number) {
      let left = Math.floor(number / half);
      let right = number % half;
      for (let round = 0; round < rounds; round++) {
        [left, right] = [right, (left + mix(round, right)) % half];
      }
      return spell(left) + spell(right);
    },
    numberOf(id) {
      if (!/^[A-Za-z]{8}$/.test(id)) return undefined;
      let left = read(id.slice(0, 4));
      let right = read(id.slice(4));
      for (let round = rounds - 1; round >= 0; round--) {
        [left, right] = [(right - mix(round, left) + half) % half, left];
      }
      return left * half + right;
    },
  };
}

/** MurmurHash3 fmix32 (Austin Appleby, public domain), twice: 32 bits well mixed. */
function finalise(value: number): number {
  let h = value >>> 0;
  for (let pass = 0; pass < 2; pass++) {
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

function spell(value: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < 4; i++) {
    text = letters[rest % 52] + text;
    rest = Math.floor(rest / 52);
  }
  return text;
}

function read(text: string): number {
  let value = 0;
  for (const letter of text) value = value * 52 + letters.indexOf(letter);
  return value;
}
