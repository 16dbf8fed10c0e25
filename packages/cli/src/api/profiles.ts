import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../failure.ts';
import { readIfThere } from '../local-environment.ts';

/** What a client needs of a service, kept under a name by `openfrs login`. */
const profile = z.object({ endpoint: z.url(), projectId: z.string(), ak: z.string(), sk: z.string() });
export type Profile = z.infer<typeof profile>;
const profiles = z.record(z.string(), profile);
type Profiles = z.infer<typeof profiles>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where profiles are kept, readable by the user only (XDG Base Directory Specification). */
export function profilesFile({ XDG_CONFIG_HOME, HOME = homedir() }: Environment): string {
  return join(XDG_CONFIG_HOME || join(HOME, '.config'), 'openfrs', 'profiles.json');
}

/** @returns undefined where none of that name is kept @throws CliError the file can't be read as what it was written as */
export async function readProfile(environment: Environment, name: string): Promise<Profile | undefined> {
  return new Map(Object.entries(await readProfiles(environment))).get(name);
}

/** Keeps a profile in place of the one of that name, or with `undefined` forgets it. Answers whether there was one. */
export async function writeProfile(
  environment: Environment,
  name: string,
  kept: Profile | undefined,
): Promise<boolean> {
  const file = profilesFile(environment);
  const others = new Map(Object.entries(await readProfiles(environment)));
  const was = others.delete(name);
  if (kept !== undefined) others.set(name, kept);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Only who writes waits for what it comes with.
  const { replaceFile } = await import('@openfrs/embedded');
  await replaceFile(file, `${JSON.stringify(Object.fromEntries(others), undefined, 2)}\n`);
  return was;
}

async function readProfiles(environment: Environment): Promise<Profiles> {
  const file = profilesFile(environment);
  const text = (await readIfThere(file)) ?? '{}';
  try {
    return profiles.parse(JSON.parse(text));
  } catch {
    throw new CliError(`${file} holds no profiles: delete it, and log in again with openfrs login.`);
  }
}
