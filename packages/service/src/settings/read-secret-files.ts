import { readFileSync } from 'node:fs';
import { fileSettings } from '@openfrs/core';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment, with secrets that it names as files (`FRS_SECRET_KEY_FILE`) read in: as Docker and systemd hand them on. The white
 * space at a file's end is not of the secret.
 * @throws Error one sentence: a file can't be read or is empty, or a secret is given twice
 */
export function readSecretFiles(environment: Environment): Environment {
  const read = fileSettings.flatMap((name): (readonly [string, string])[] => {
    const file = environment[`${name}_FILE`];
    if (!file) return [];
    if (environment[name]) throw new Error(`${name} and ${name}_FILE are both set: take one of them away.`);
    return [[name, contentOf(file, `${name}_FILE`)]];
  });
  return read.length === 0 ? environment : { ...environment, ...Object.fromEntries(read) };
}

function contentOf(file: string, name: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${name} names ${file}, which can't be read (${code}).`, { cause: error });
  }
  if (text === '') throw new Error(`${name} names ${file}, which is empty.`);
  return text;
}
