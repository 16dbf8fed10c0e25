import type { Command } from 'commander';
import { addCommand, type Session } from './command.ts';
import { numberOf } from './numbers.ts';
import { domainOption, projectOf } from './resolve-names.ts';

const SHOWN = 50;

export function enrolLogCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'enrol-log <project>',
    summary: 'Show what came of photos put into the bucket under enrol/, the newest first',
    options: [domainOption, ['--limit <number>', `at most so many (default ${SHOWN})`]],
    async run(stores, args) {
      const project = await projectOf(stores, args);
      const limit = numberOf(args.maybe('limit') ?? String(SHOWN), 'The limit');
      const enrolments = await stores.enrolments().list(project.id, limit);
      return {
        rows: enrolments.map(({ at, state, key, faceIds, code, message }) => ({
          at: at.toISOString(),
          state,
          key,
          faces: faceIds,
          reason: [code, message].filter((part) => part !== undefined).join(' ') || undefined,
        })),
        empty: 'No photo was put there in the last 30 days.',
      };
    },
  });
}
