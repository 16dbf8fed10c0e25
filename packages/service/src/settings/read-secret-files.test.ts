import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSecretFiles } from './read-secret-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'openfrs-secrets-'));
afterAll(() => rm(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('a secret in a file', () => {
  it('is read without the line end that an editor leaves', () => {
    const environment = { FRS_SECRET_KEY_FILE: file('key', 'c2VjcmV0\n'), PORT: '1' };
    expect(readSecretFiles(environment)).toMatchObject({ FRS_SECRET_KEY: 'c2VjcmV0', PORT: '1' });
  });

  it('must be there, hold something, and be given once', () => {
    const missing = join(folder, 'none');
    expect(() => readSecretFiles({ FRS_SK_FILE: missing })).toThrow(`FRS_SK_FILE names ${missing}`);
    const empty = file('empty', '\n');
    expect(() => readSecretFiles({ FRS_SK_FILE: empty })).toThrow('is empty');
    const twice = { FRS_SK: 'a', FRS_SK_FILE: file('sk', 'b') };
    expect(() => readSecretFiles(twice)).toThrow('FRS_SK and FRS_SK_FILE are both set');
  });

  it('is only what is a secret', () => {
    const environment = { FRS_REGION_FILE: join(folder, 'none') };
    expect(readSecretFiles(environment)).toBe(environment);
  });
});
