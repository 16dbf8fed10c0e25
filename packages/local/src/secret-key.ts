import { newSecretKey } from '@openfrs/core';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/**
 * FRS_SECRET_KEY, kept in a file of the data folder from the first start on: without it no stored SK can be opened and
 * no token verified.
 */
export async function keptSecretKey(file: string): Promise<string> {
  const kept = (await readPrivateFile(file))?.trim();
  if (kept) return kept;
  const key = newSecretKey();
  await writePrivateFile(file, `${key}\n`);
  return key;
}
