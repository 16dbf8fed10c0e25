import type * as z from 'zod';
import { type SettingName, settings } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type SettingValues = {
  readonly [Name in SettingName]: z.output<ReturnType<(typeof settings)[Name]['schema']>> | undefined;
};

/**
 * An empty variable is one that is not set, as a shell or a compose file leaves it.
 * @throws Error that names the variable and says what it must be
 */
export function readSettings(environment: Environment): SettingValues {
  const values = Object.entries(settings).map(([name, { schema }]) => {
    const given = environment[name];
    if (given === undefined || given === '') return [name, undefined];
    const read = schema().safeParse(given);
    if (!read.success) throw new Error(`${name} ${read.error.issues[0]?.message}`);
    return [name, read.data];
  });
  return Object.fromEntries(values) as SettingValues;
}

/** Ours by their first letters; of tests and measurements there are more than the service has. */
const ours = /^FRS_/;
const ofTests = /^FRS_(TEST|FUZZ|BENCH|CONTRACT|NETWORK_WITNESS|PLAN|SEED|FIRE)(_|$)/;

/**
 * The variables that look like ours and are none: mostly a slip of the pen, which would otherwise be silent.
 * @returns a sentence for the first of them; undefined where there is none
 */
export function unknownSetting(environment: Environment): string | undefined {
  const known = Object.entries(settings).flatMap(([name, setting]) =>
    'file' in setting && setting.file ? [name, `${name}_FILE`] : [name],
  );
  const unknown = Object.keys(environment).find(
    (name) => ours.test(name) && !ofTests.test(name) && !known.includes(name),
  );
  return unknown && `${unknown} is no setting of openfrs: packages/docs/settings.md has all of them.`;
}

/** The names that may also be given as files. */
export const fileSettings = Object.entries(settings).flatMap(([name, setting]) =>
  'file' in setting && setting.file ? [name as SettingName] : [],
);

/** Whether the environment names stores: those of a deployment, or engines; else they are embedded ones. */
export function namesEngines(environment: Environment): boolean {
  return ['AWS_ENDPOINT_URL_DYNAMODB', 'FRS_TABLE_ACCOUNTS'].some((name) => environment[name]);
}
