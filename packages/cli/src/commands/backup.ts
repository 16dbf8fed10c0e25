import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupContents, LeftOutFace, Maintenance, Restored } from '@openfrs/store';
import type { Command } from 'commander';
import { version } from '../../package.json' with { type: 'json' };
import { CliError } from '../failure.ts';
import { readLines, requireFile, writeLines } from '../files/line-files.ts';
import type { Stores } from '../stores.ts';
import { progressBar } from '../terminal/progress.ts';
import { addCommand, type Session } from './command.ts';

/** When it was begun, and how many of what it holds. */
const shown = ({
  id: _id,
  openfrs: _version,
  secretKeys: _keys,
  deleted: _deleted,
  ...counts
}: BackupContents) => counts;

/** @throws Error the file is not whole */
async function verified(file: string) {
  const { verifyBackup } = await import('@openfrs/store');
  return shown(await verifyBackup(readLines(file)));
}

/** Everything that the stores hold, as one file, and back into empty stores (packages/docs/backup.md). */
export function backupCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'backup <target>',
    summary:
      'Write accounts, face sets and faces to a file (.ndjson.gz), or under a name with the time into a folder, while the service runs',
    options: [['--verify', 'then read the file through and check it']],
    async run(stores, args, { stderr }) {
      const file = await backupFile(args.one('target'));
      const bar = progressBar(stderr);
      const leftOut: LeftOutFace[] = [];
      const settings = {
        openfrs: version,
        mediaBucket: stores.config.mediaBucket,
        progress: bar.at,
        leftOut: (face: LeftOutFace) => void leftOut.push(face),
      };
      await writeLines(file, stores.backups().write(settings)).finally(() => bar.end());
      const found = args.flag('verify') ? await verified(file) : {};
      if (leftOut.length === 0) return { record: { file, ...found } };
      const record = { file, ...found, leftOut: leftOut.length };
      return { record, note: leftOutNote(leftOut), failed: true };
    },
  });
  addCommand(program, session, {
    usage: 'restore <file>',
    summary: 'Bring a backup back into empty stores; cut off, it can be repeated',
    options: [
      ['--verify', 'check the file and change nothing'],
      ['--disable-keys', 'restore access keys that FRS_SECRET_KEY does not open as disabled ones'],
    ],
    async runWithoutStores(args, { terminal, stores: openStores }) {
      const file = args.one('file');
      await requireFile(file);
      if (args.flag('verify')) return { record: await verified(file) };
      const stores = await openStores();
      await requireStores(stores);
      const bar = progressBar(terminal.stderr);
      const restored = await stores
        .backups()
        .restore(() => readLines(file), {
          secrets: stores.secrets(),
          mediaBucket: stores.config.mediaBucket,
          disableKeys: args.flag('disableKeys'),
          progress: bar.at,
        })
        .finally(() => bar.end());
      const { sets, disabledKeys, ...contents } = restored;
      const notes = [
        ...(disabledKeys > 0
          ? [
              `${disabledKeys} access keys are disabled, for FRS_SECRET_KEY does not open them: openfrs key create makes new ones.`,
            ]
          : []),
        ...(await compactRestored(sets, stores.maintenance())),
      ];
      return {
        record: { ...shown(contents), disabledKeys },
        ...(notes.length > 0 && { note: notes.join('\n') }),
      };
    },
  });
}

/**
 * From records, a first search reads some ten times slower. Everything is restored by now: what fails here, the servers' maintenance does.
 * @returns what to say of it
 */
export async function compactRestored(
  sets: Restored['sets'],
  maintenance: Pick<Maintenance, 'compact'>,
): Promise<string[]> {
  const failed: string[] = [];
  let why = '';
  for (const { projectId, name } of sets) {
    await maintenance.compact(projectId, name).catch((error: Error) => {
      failed.push(name);
      why = error.message;
    });
  }
  if (failed.length === 0) return [];
  return [
    `Everything is restored. The index of ${failed.join(', ')} could not be written yet (${why}): the servers do it, and first searches are slower until then.`,
  ];
}

/** Faces that are named; the others are counted. */
const mostNamed = 20;

function leftOutNote(faces: readonly LeftOutFace[]): string {
  const named = faces
    .slice(0, mostNamed)
    .map(({ projectId, faceSetName, faceId, why }) => `${projectId} ${faceSetName} ${faceId}: ${why}`);
  const more = faces.length > mostNamed ? [`and ${faces.length - mostNamed} more`] : [];
  return [
    `The backup is whole but for ${faces.length} faces, whose records are damaged. Delete and add these people again, and it ends:`,
    ...named,
    ...more,
  ].join('\n');
}

/** A folder gets a file named after the time. */
async function backupFile(target: string): Promise<string> {
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => !/\.gz$/.test(target),
  );
  if (!isFolder) {
    if (target.endsWith('.gz')) return target;
    throw new CliError(`A backup is compressed: name ${target}.gz, or a folder.`);
  }
  await mkdir(target, { recursive: true, mode: 0o700 });
  return join(
    target,
    `openfrs-${new Date().toISOString().replace(/\.\d+/, '').replaceAll(':', '-')}.ndjson.gz`,
  );
}

async function requireStores(stores: Stores): Promise<void> {
  const { missingStores, storeNames } = await import('@openfrs/store');
  const { tables, buckets } = await missingStores(stores.clients(), storeNames(stores.config));
  const missing = [...tables, ...buckets];
  if (missing.length > 0) throw new CliError(`${missing.join(', ')}: not there. openfrs setup makes them.`);
}
