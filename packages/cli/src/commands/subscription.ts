import type { Service } from '@openfrs/contract';
import { services, subscriptionResponse } from '@openfrs/core';
import type { Command } from 'commander';
import { CliError } from '../failure.ts';
import { type Arguments, group, type Session } from './command.ts';
import { change } from './project.ts';
import { domainOption, projectOf } from './resolve-names.ts';

export function subscriptionCommands(program: Command, session: Session): void {
  group(program, session, 'subscription', `Subscriptions of a project: ${services.join(', ')}`, [
    {
      usage: 'show <project>',
      summary: 'Show since when a project is subscribed to which service',
      options: [domainOption],
      async run(stores, args) {
        const project = await projectOf(stores, args);
        const shown = subscriptionResponse(project);
        return {
          rows: services.map((service) => ({
            service,
            subscribed: shown[`${service}_service`].subscribe_status,
            since: shown[`${service}_service`].create_time,
            frozen: project.frozen,
          })),
        };
      },
    },
    change('add <project> <service...>', 'Subscribe a project to services', ({ subscriptions }, args) => {
      const now = new Date().toISOString();
      return {
        subscriptions: {
          ...Object.fromEntries(named(args).map((service) => [service, now])),
          ...subscriptions,
        },
      };
    }),
    change(
      'remove <project> <service...>',
      "End a project's subscription to services",
      ({ subscriptions }, args) => {
        const ended = named(args);
        const kept = services.filter(
          (service) => !ended.includes(service) && subscriptions[service] !== undefined,
        );
        return {
          subscriptions: Object.fromEntries(kept.map((service) => [service, subscriptions[service]])),
        };
      },
    ),
    change('freeze <project>', 'Answer every request of a project with FRS.0202', () => ({ frozen: true })),
    change('unfreeze <project>', 'Serve a frozen project again', () => ({ frozen: false })),
  ]);
}

function named(args: Arguments): Service[] {
  return args.many('service').map((name) => {
    const service = services.find((known) => known === name);
    if (service === undefined)
      throw new CliError(`There is no service "${name}", only ${services.join(', ')}.`);
    return service;
  });
}
