import type { Command } from 'commander';
import { group, type Session } from './command.ts';
import { change } from './project.ts';
import { domainOption, projectOf } from './resolve-names.ts';

export function bucketCommands(program: Command, session: Session): void {
  group(program, session, 'bucket', 'Buckets that image_url and video_url of a project may read', [
    {
      usage: 'list <project>',
      summary: 'List the buckets a project may read',
      options: [domainOption],
      run: async (stores, args) => ({
        rows: (await projectOf(stores, args)).buckets.map((bucket) => ({ bucket })),
        empty: 'This project may read no bucket.',
      }),
    },
    change('authorise <project> <bucket...>', 'Let a project read buckets', ({ buckets }, args) => ({
      buckets: [...new Set([...buckets, ...args.many('bucket')])],
    })),
    change('revoke <project> <bucket...>', 'Let a project read buckets no more', ({ buckets }, args) => ({
      buckets: buckets.filter((bucket) => !args.many('bucket').includes(bucket)),
    })),
  ]);
}
