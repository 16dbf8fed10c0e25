import { lighterScrypt, quickDerivation } from '@openfrs/testing/passwords';
import { describe, expect, it } from 'vitest';
import { hashPassword, newSecretKey, secretKeys, verifyPassword } from './index.ts';

describe('FRS_SECRET_KEY', () => {
  it.each([
    '',
    ' ',
    'short',
    `${newSecretKey()},x`,
    'A'.repeat(44),
    Buffer.alloc(31).toString('base64'),
    '!'.repeat(44),
  ])('is refused where it is malformed, without repeating it: %j', (text) => {
    expect(() => secretKeys(text)).toThrow(/^FRS_SECRET_KEY .*(openssl rand -base64 32)/);
  });

  it('seals what only it opens, in its own context', () => {
    const keys = secretKeys(newSecretKey());
    const sealed = keys.seal('secret ü', 'AK1');
    expect(keys.open(sealed, 'AK1')).toBe('secret ü');
    expect(sealed).not.toContain('secret');
    expect(keys.seal('secret ü', 'AK1')).not.toBe(sealed);
    expect(() => keys.open(sealed, 'AK2')).toThrow();
    expect(() => secretKeys(newSecretKey()).open(sealed, 'AK1')).toThrow('FRS_SECRET_KEY');
    const last = sealed.length - 2;
    for (let index = 0; index <= last; index += 1) {
      const altered = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1);
      expect(() => keys.open(altered, 'AK1')).toThrow();
    }
  });

  it('seals crops of faces, each for its face, and opens what an older key of the list sealed', () => {
    const [old, fresh] = [newSecretKey(), newSecretKey()];
    const crop = Buffer.from('a picture of a face');
    const sealed = secretKeys(old).sealCrop(crop, 'face 1');
    expect(Buffer.from(sealed).includes(crop)).toBe(false);
    expect(secretKeys(`${fresh},${old}`).openCrop(sealed, 'face 1')).toEqual(crop);
    expect(() => secretKeys(old).openCrop(sealed, 'face 2')).toThrow();
    expect(() => secretKeys(fresh).openCrop(sealed, 'face 1')).toThrow('FRS_SECRET_KEY');
    for (let index = 0; index < sealed.length; index += 1) {
      const altered = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(() => secretKeys(old).openCrop(altered, 'face 1')).toThrow();
    }
    for (const cut of [0, 6, 7, 20])
      expect(() => secretKeys(old).openCrop(sealed.slice(0, cut), 'face 1')).toThrow();
  });

  it('may be a list: the first seals, all open', () => {
    const [old, fresh] = [newSecretKey(), newSecretKey()];
    const sealed = secretKeys(old).seal('secret', 'AK');
    const both = secretKeys(` ${fresh} , ${old}`);
    expect(both.open(sealed, 'AK')).toBe('secret');
    expect(secretKeys(fresh).open(both.seal('secret', 'AK'), 'AK')).toBe('secret');
  });
});

describe('a password', () => {
  it('is verified against its own hash only', async () => {
    const hash = await hashPassword('pässword');
    expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await hashPassword('pässword')).not.toBe(hash);
    expect(await verifyPassword('pässword', hash)).toBe(true);
    expect(await verifyPassword('pässword'.normalize('NFD'), hash)).toBe(true);
    expect(await verifyPassword('Pässword', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  it.each(['', 'plain', '$scrypt$ln=15,r=8,p=3$x', undefined])(
    'of nobody is never right: %j',
    async (stored) => {
      expect(await verifyPassword('', stored, quickDerivation)).toBe(false);
    },
  );

  it('of an unknown user takes as long as one of a known', async () => {
    const hash = await hashPassword('password');
    // The least of eight: whatever else the machine does only adds to it.
    const time = async (stored: string | undefined) => {
      const times = [];
      for (let round = 0; round < 8; round += 1) {
        const started = performance.now();
        await verifyPassword('wrong', stored, lighterScrypt);
        times.push(performance.now() - started);
      }
      return Math.min(...times);
    };
    const [known, unknown] = [await time(hash), await time(undefined)];
    expect(unknown).toBeGreaterThan(known / 3);
    expect(unknown).toBeLessThan(known * 3);
  });
});
