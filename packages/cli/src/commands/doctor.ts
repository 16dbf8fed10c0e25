import type { Command } from 'commander';
import { addCommand, type Session } from './command.ts';

export function doctorCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'doctor',
    summary:
      'Check settings, models, stores, clock, keys, permissions and every face set; exit code 1 where something is wrong',
    options: [
      ['--repair', 'put right what can be: counts of faces, lost segments'],
      ['--quick', 'leave the face sets out'],
    ],
    async run(stores, args, { environment }) {
      const [
        { checkStoredFiles },
        { checkFaceSets },
        { checkFiles },
        { checkModels },
        { checkSettings },
        { checkStores },
      ] = await Promise.all([
        import('../doctor/data-folder.ts'),
        import('../doctor/face-sets.ts'),
        import('../doctor/files.ts'),
        import('../doctor/models.ts'),
        import('../doctor/settings.ts'),
        import('../doctor/stores.ts'),
      ]);
      const found = await checkStores(stores);
      found.unshift(...(await checkSettings(stores, environment, Date.now())), await checkModels(stores));
      found.push(...(await checkFiles(stores)), ...(await checkStoredFiles(stores)));
      if (!args.flag('quick')) {
        found.push(...(await checkFaceSets(stores, found, { repair: args.flag('repair') })));
      }
      return {
        rows: found.map(({ check, result, detail }) => ({ check, result, detail })),
        failed: found.some(({ result }) => result === 'wrong'),
      };
    },
  });
}
