import {
  type Domain,
  domainNamed,
  namesEngines,
  type Project,
  projectNamed,
  type User,
  userNamed,
} from '@openfrs/core';
import { CliError } from '../failure.ts';
import { localEnvironment } from '../local-environment.ts';
import type { Stores } from '../stores.ts';
import type { Arguments } from './command.ts';

/** The options by which commands are told whose thing is meant. */
export const domainOption = [
  '--domain <name>',
  'the domain (account); not needed where there is one only',
] as const;
export const userOption = ['--user <name>', 'the user'] as const;

/** The domain of `--domain`, or the only one. */
export async function domainOf(stores: Stores, args: Arguments): Promise<Domain> {
  const accounts = stores.accounts();
  const name = args.maybe('domain');
  if (name !== undefined) return await domainNamed(name, accounts);
  const [only, ...others] = await accounts.domains();
  if (only === undefined) throw new CliError('There is no domain yet: openfrs account create makes one.');
  if (others.length > 0) throw new CliError('There are several domains: say which with --domain.');
  return only;
}

/** The user of `--user`, or the only one of the domain. */
export async function onlyUserOf(stores: Stores, args: Arguments): Promise<User> {
  const name = args.maybe('user');
  if (name !== undefined) return await userOf(stores, args, name);
  const [only, ...others] = await stores.accounts().users((await domainOf(stores, args)).id);
  if (only === undefined) throw new CliError('The domain has no user: openfrs user create makes one.');
  if (others.length > 0) throw new CliError('The domain has several users: say which with --user.');
  return only;
}

/** The project of `--project`, or the only one of the domain. */
export async function onlyProjectOf(stores: Stores, args: Arguments): Promise<Project> {
  const domain = await domainOf(stores, args);
  const name = args.maybe('project');
  if (name !== undefined) return await projectNamed(name, domain, stores.accounts());
  const [only, ...others] = await stores.accounts().projects(domain.id);
  if (only === undefined) throw new CliError('The domain has no project: openfrs project create makes one.');
  if (others.length > 0) throw new CliError('The domain has several projects: say which with --project.');
  return only;
}

/**
 * The project of `--project`, by id or name; else the one that clients of this environment work in, as `openfrs set` does; else the
 * only one.
 */
export async function clientsProject(
  stores: Stores,
  args: Arguments,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Project> {
  if (args.maybe('project') !== undefined) return await projectOf(stores, args);
  const local = namesEngines(environment) ? undefined : await localEnvironment(stores.config.dataDir);
  const id = environment.FRS_PROJECT_ID ?? local?.FRS_PROJECT_ID;
  return id === undefined
    ? await onlyProjectOf(stores, args)
    : await projectNamed(id, undefined, stores.accounts());
}

/** The user named by an argument, of the domain of `--domain`, or the only one. */
export async function userOf(stores: Stores, args: Arguments, name = args.one('user')): Promise<User> {
  return await userNamed(await domainOf(stores, args), name, stores.accounts());
}

/** The project of that id, or of that name (in the domain of `--domain`, if given). */
export async function projectOf(stores: Stores, args: Arguments): Promise<Project> {
  const accounts = stores.accounts();
  const domain = args.maybe('domain');
  return await projectNamed(
    args.one('project'),
    domain === undefined ? undefined : await domainNamed(domain, accounts),
    accounts,
  );
}
