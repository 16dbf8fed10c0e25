import { accountsAgeMs, changeProject, createProject, type Project, type ProjectChange } from '@openfrs/core';
import type { Command } from 'commander';
import { CliError } from '../failure.ts';
import { type Arguments, type CommandDefinition, group, type Session } from './command.ts';
import { numberOf } from './numbers.ts';
import { domainOf, domainOption, projectOf } from './resolve-names.ts';

/** A project as commands show it. */
function shownProject(project: Project) {
  const { name, id, domainId, enabled, frozen, quotas, subscriptions, buckets, qualityGate } = project;
  const { requiresChallenge = false } = project;
  const services = Object.keys(subscriptions);
  return {
    name,
    id,
    domainId,
    enabled,
    frozen,
    ...quotas,
    services,
    buckets,
    qualityGate,
    requiresChallenge,
  };
}

export function projectCommands(program: Command, session: Session): void {
  group(program, session, 'project', 'Projects: what face sets, quotas and subscriptions belong to', [
    {
      usage: 'list',
      summary: 'List the projects of a domain',
      options: [domainOption],
      run: async (stores, args) => ({
        rows: (await stores.accounts().projects((await domainOf(stores, args)).id)).map(
          ({ name, id, enabled, frozen }) => ({ name, id, enabled, frozen }),
        ),
        empty: 'No project in this domain.',
      }),
    },
    {
      usage: 'show <project>',
      summary: 'Show a project (its id or name) with its quotas, subscriptions and buckets',
      options: [domainOption],
      run: async (stores, args) => ({ record: shownProject(await projectOf(stores, args)) }),
    },
    {
      usage: 'create <project>',
      summary: 'Make a project with the usual quotas, subscribed to all services',
      options: [domainOption, ['--bucket <name...>', 'buckets that image_url may read']],
      async run(stores, args) {
        const spec = { name: args.one('project'), buckets: args.many('bucket') };
        return {
          record: shownProject(await createProject(await domainOf(stores, args), spec, stores.accounts())),
        };
      },
    },
    change('enable <project>', 'Let a project be used again', () => ({ enabled: true })),
    change('disable <project>', 'Let a project be used no more, within a minute', () => ({ enabled: false })),
    change('rename <project> <name>', 'Rename a project; clients look it up by its name', (_, args) => ({
      name: args.one('name'),
    })),
    change(
      'quality-gate <project> <quality>',
      'Refuse faces below this total quality (0 to 1; 0: off) on adding and searching',
      (_, args) => ({ qualityGate: numberOf(args.one('quality'), 'The quality') }),
    ),
    change(
      'require-challenge <project> <state>',
      'Take no video for live-detect but those made for a challenge of the service (on or off)',
      (_, args) => ({ requiresChallenge: onOrOff(args.one('state')) }),
    ),
    {
      usage: 'delete <project>',
      summary: 'Remove a project; with --yes also one that has face sets, and them with it',
      options: [domainOption, ['--yes', 'delete its face sets too']],
      async run(stores, args) {
        const project = await projectOf(stores, args);
        const sets = () => stores.faceSets().list(project.id);
        const { length } = await sets();
        if (length > 0 && !args.flag('yes')) {
          throw new CliError(`It has ${length} face sets: --yes deletes them too.`);
        }
        // Once all instances know, nobody makes a set any more; then its sets, and the project last: cut off, this can be repeated.
        await changeProject(project, () => ({ enabled: false }), stores.accounts());
        await new Promise((resolve) => setTimeout(resolve, accountsAgeMs));
        for (const { name } of await sets()) await stores.faceSets().remove(project.id, name);
        await stores.accounts().removeProject(project.id);
        return { done: `The project "${project.name}" is removed.`, record: shownProject(project) };
      },
    },
  ]);
}

function onOrOff(state: string): boolean {
  if (state !== 'on' && state !== 'off') throw new CliError(`Say on or off, not "${state}".`);
  return state === 'on';
}

/** A command that changes a project and shows it as it is then. */
export function change(
  usage: string,
  summary: string,
  changed: (project: Project, args: Arguments) => ProjectChange,
  options: CommandDefinition['options'] = [],
): CommandDefinition {
  return {
    usage,
    summary,
    options: [domainOption, ...options],
    async run(stores, args) {
      const found = await projectOf(stores, args);
      const project = await changeProject(found, (current) => changed(current, args), stores.accounts());
      return { record: shownProject(project) };
    },
  };
}
