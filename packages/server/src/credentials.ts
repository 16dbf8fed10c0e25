import { StartupError } from '@openfrs/embedded';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** What `.data/credentials.env` tells, in its order. */
export const credentialNames = [
  'FRS_ENDPOINT',
  'FRS_PROJECT_ID',
  'FRS_REGION',
  'FRS_DOMAIN',
  'FRS_USER',
  'FRS_PASSWORD',
  'FRS_AK',
  'FRS_SK',
  'FRS_BUCKET',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_DYNAMODB',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_REGION',
] as const;
export type CredentialName = (typeof credentialNames)[number];

/** Everything that a client of the local server needs. */
export type LocalCredentials = Readonly<Record<CredentialName, string>>;

/** Values as they are written: no quotes are needed, in any shell or .env reader. */
const plainValue = /^[A-Za-z0-9_.:/@%+=,-]*$/;

/** What an earlier start (also one that was cut off) wrote; names that aren't ours are left out. */
export async function readCredentials(file: string): Promise<Partial<LocalCredentials>> {
  const text = await readPrivateFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(
      `The file ${file} can't be read (${error.code}): remove it to get a new password and key.`,
    );
  });
  const lines = (text ?? '').split('\n');
  const pairs = lines.map((line) => {
    const equals = line.indexOf('=');
    return [line.slice(0, Math.max(equals, 0)), line.slice(equals + 1)] as const;
  });
  return Object.fromEntries(pairs.filter(([name]) => credentialNames.some((known) => known === name)));
}

/** Writes the file, readable by its owner only. @throws RangeError a value that a shell would not read as it is */
export async function writeCredentials(file: string, credentials: Partial<LocalCredentials>): Promise<void> {
  const lines = credentialNames.flatMap((name) => {
    const value = credentials[name];
    if (value === undefined) return [];
    if (!plainValue.test(value))
      throw new RangeError(`${name} must be of letters, digits and _.:/@%+=,- only.`);
    return [`${name}=${value}\n`];
  });
  await writePrivateFile(file, lines.join(''));
}
