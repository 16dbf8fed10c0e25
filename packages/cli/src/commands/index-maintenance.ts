import type { Command } from 'commander';
import { addCommand, type Session } from './command.ts';
import { domainOption, projectOf } from './resolve-names.ts';

/** Maintenance of the search index: what the service does by itself, on demand. */
export function indexCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'compact <project> [set...]',
    summary: 'Take the newest faces of face sets (all, if none is named) into segments of the search index',
    options: [domainOption, ['--all', 'however few there are']],
    async run(stores, args) {
      const project = await projectOf(stores, args);
      const named = args.many('set');
      const sets =
        named.length > 0 ? named : (await stores.faceSets().list(project.id)).map(({ name }) => name);
      const maintenance = stores.maintenance();
      const rows = [];
      for (const name of sets) {
        const { written, rows: faces } = await maintenance.compact(project.id, name, {
          all: args.flag('all'),
        });
        rows.push({ set: name, segments: written, faces });
      }
      return { rows, empty: 'This project has no face set.' };
    },
  });
  addCommand(program, session, {
    usage: 'sweep',
    summary: 'Do what is due in all face sets: settle, compact, and purge what deleted sets left behind',
    async run(stores) {
      const { failures, ...done } = await stores.maintenance().sweep();
      const failed = failures.map(
        ({ setId, error }) => `${setId}: ${error instanceof Error ? error.message : error}`,
      );
      return { record: { ...done, ...(failed.length > 0 && { failed }) }, failed: failed.length > 0 };
    },
  });
  addCommand(program, session, {
    usage: 'remove-crops',
    summary: 'Remove the crops of all faces that a server with FRS_STORE_CROPS=1 has kept; the faces stay',
    async run(stores) {
      const removed = await stores.maintenance().removeCrops();
      return { done: `${removed} crops are removed.`, record: { removed } };
    },
  });
  addCommand(program, session, {
    usage: 'purge',
    summary:
      'Clear away what deleted faces, sets and projects left behind; it is due ten minutes after the deletion',
    options: [['--verify', 'then read all stores for vectors of no face; exit code 1 where there are any']],
    async run(stores, args) {
      const maintenance = stores.maintenance();
      const { purged, purgeLater, failures } = await maintenance.sweep();
      const record = { purged, purgeLater, failed: failures.length };
      if (!args.flag('verify')) return { record, failed: failures.length > 0 };
      const left = await maintenance.findOrphanVectors();
      const some = left.recordsOfDeletedSets + left.segmentsOfDeletedSets + left.deletedFacesInSegments > 0;
      return { record: { ...record, ...left }, failed: some || failures.length > 0 };
    },
  });
}
