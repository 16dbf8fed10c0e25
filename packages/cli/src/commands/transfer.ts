import type { Command } from 'commander';
import { readLines, requireFile, writeLines } from '../files/line-files.ts';
import { progressBar } from '../terminal/progress.ts';
import { addCommand, type Session } from './command.ts';
import { domainOption, projectOf } from './resolve-names.ts';

/** Face sets as files: one line a face, with its vector; gzipped where the file's name ends in .gz. */
export function transferCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'export <project> <set> <file>',
    summary: 'Write a face set, vectors included, to a file (gzipped if it ends in .gz)',
    options: [domainOption],
    async run(stores, args, { stderr }) {
      const project = await projectOf(stores, args);
      const [set, file] = [args.one('set'), args.one('file')];
      const bar = progressBar(stderr);
      let faces = 0;
      const lines = stores.transfer().exportSet(project.id, set, (done, expected) => {
        faces = done;
        bar.at(done, expected);
      });
      await writeLines(file, lines).finally(() => bar.end());
      return { record: { set, faces, file } };
    },
  });
  addCommand(program, session, {
    usage: 'import <project> <file>',
    summary:
      'Add the faces of an exported file that the set does not have; can be cut off and repeated, nothing is added twice',
    options: [
      domainOption,
      ['--set <name>', 'the face set (default: named as the exported one); made if it is not there'],
    ],
    async run(stores, args, { stderr }) {
      const project = await projectOf(stores, args);
      const [file, name] = [args.one('file'), args.maybe('set')];
      await requireFile(file);
      const bar = progressBar(stderr);
      const { set, faces, added, before } = await stores
        .transfer()
        .importSet(project.id, () => readLines(file), {
          maxSets: project.quotas.faceSets,
          progress: bar.at,
          ...(name !== undefined && { name }),
        })
        .finally(() => bar.end());
      // No queue takes what this process asks for; from records, a first search reads some ten times slower.
      await stores.maintenance().compact(project.id, set.name);
      const note = before
        ? {
            note: 'The set has the faces of this file, or this file was imported to it before: nothing was left to do.',
          }
        : {};
      return { record: { set: set.name, faces, added, before }, ...note };
    },
  });
  addCommand(program, session, {
    usage: 'abandon-imports <project> <set>',
    summary: 'Give up imports to a face set that were cut off and will not be repeated',
    options: [domainOption],
    async run(stores, args) {
      const project = await projectOf(stores, args);
      return { record: { abandoned: await stores.transfer().abandonImports(project.id, args.one('set')) } };
    },
  });
}
