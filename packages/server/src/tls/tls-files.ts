import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { log } from '@openfrs/core/observation';
import { StartupError } from '@openfrs/embedded';

export interface Certificate {
  /** The chain, in PEM. */
  readonly certificate: string;
  /** Its private key, in PEM. */
  readonly key: string;
}

/** Old versions have known weaknesses; every client since 2013 speaks 1.2. */
export const minVersion = 'TLSv1.2';

/** @throws StartupError one sentence, without the key: they can't be read, or aren't of each other */
export function checkCertificate({ certificate, key }: Certificate): void {
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(
      `FRS_TLS_CERTIFICATE and FRS_TLS_KEY are no certificate and its key in PEM: ${reason}.`,
      { cause: error },
    );
  }
}

/** A certificate that is renewed in its files is taken within this time. */
const lookEveryMs = 60_000;

/**
 * Looks at the files again and again: certificates are renewed while the server runs. One that can't be used is told of and left
 * until it can be.
 * @param take given the new one
 * @returns what ends it
 */
export function followCertificate(
  files: { readonly certificate: string; readonly key: string },
  first: Certificate,
  take: (next: Certificate) => void,
  everyMs = lookEveryMs,
): () => void {
  let current = first;
  const timer = setInterval(async () => {
    try {
      const [certificate, key] = await Promise.all(
        [files.certificate, files.key].map(async (file) => (await readFile(file, 'utf8')).trimEnd()),
      );
      if (certificate === undefined || key === undefined) return;
      if (certificate === current.certificate && key === current.key) return;
      checkCertificate({ certificate, key });
      current = { certificate, key };
      take(current);
    } catch (error) {
      log('error', `The certificate was not renewed: ${error instanceof Error ? error.message : error}`);
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
