import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { checkCertificate, followCertificate } from './tls-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'openfrs-tls-'));
afterAll(() => rm(folder, { recursive: true }));
const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.info('The tests of certificates are left out: there is no openssl to make them with.');

function make(name: string): void {
  const [out, keyout] = [`${files.certificate}.new`, `${files.key}.new`];
  const args = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name} -out ${out} -keyout ${keyout}`;
  execFileSync('openssl', args.split(' '), { stdio: 'ignore' });
  renameSync(out, files.certificate);
  renameSync(keyout, files.key);
}

const read = () => ({
  certificate: readFileSync(files.certificate, 'utf8').trimEnd(),
  key: readFileSync(files.key, 'utf8').trimEnd(),
});

describe.runIf(openssl)('a certificate', () => {
  it('is refused with the key of another', () => {
    make('one');
    const { certificate } = read();
    make('two');
    expect(() => checkCertificate(read())).not.toThrow();
    expect(() => checkCertificate({ ...read(), certificate })).toThrow('are no certificate and its key');
  });

  it('is taken when it is renewed in its files, and not while they are of two', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {});
    make('first');
    const first = read();
    const taken: unknown[] = [];
    const end = followCertificate(files, first, (next) => taken.push(next), 5);
    make('second');
    const second = read();
    writeFileSync(files.key, first.key);
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    const before = taken.length;
    writeFileSync(files.key, second.key);
    await vi.waitFor(() => expect(taken.length).toBeGreaterThan(before));
    expect(taken.at(-1)).toEqual(second);
    end();
    told.mockRestore();
  });
});
