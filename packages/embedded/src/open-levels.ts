import { dirname, join } from 'node:path';
import { makeFolder, syncFolder } from './disk/files.ts';
import { forgetCleanStop, noteCleanStop } from './integrity/clean-stop.ts';
import { formatToUpgrade, levelFolders, markDataFolder } from './integrity/data-folder.ts';
import { DurableLevel, type LevelOptions } from './level/durable-level.ts';
import { tell } from './log.ts';
import type { Blobs } from './s3/storage/blobs.ts';
import { Catalog } from './s3/storage/catalog.ts';

export interface Levels {
  /** Of the embedded S3. */
  readonly catalog: DurableLevel;
  /** Of the embedded DynamoDB. */
  readonly tables: DurableLevel;
}

/**
 * Opens the LevelDBs of a data folder that was checked.
 * @throws Error what LevelDB says of them; with code LEVEL_LOCKED in its chain where another instance uses them
 */
export async function openLevels(dir: string, options: LevelOptions): Promise<Levels> {
  const [catalog, tables] = levelFolders.map((folder) => new DurableLevel(join(dir, folder), options)) as [
    DurableLevel,
    DurableLevel,
  ];
  await makeFolder(join(dir, 's3'));
  await forgetCleanStop(dir);
  await catalog.open();
  await tables.open();
  // Folders may be from a run that ended before it had brought them to the disk.
  for (const folder of [dir, join(dir, 's3')]) await syncFolder(folder);
  // This one may be somebody else's.
  await syncFolder(dirname(dir)).catch(() => undefined);
  return { catalog, tables };
}

/** Closes them and notes that nothing was left half written, unless a write has failed: on a full disk it may have left half of itself. */
export async function closeLevels(dir: string, { catalog, tables }: Levels): Promise<void> {
  const isWhole = !catalog.failed && !tables.failed;
  await Promise.all([catalog.close(), tables.close()]);
  if (isWhole) await noteCleanStop(dir, levelFolders);
}

/** Brings a data folder to this version's format; what is cut off goes on with the next start. */
export async function upgradeDataFolder(
  dir: string,
  { catalog, tables }: Levels,
  blobs: Blobs,
): Promise<void> {
  const from = await formatToUpgrade(dir);
  if (from === undefined) return;
  // From here on an older version refuses the folder, whose values it could no longer read.
  await markDataFolder(dir, from);
  const entries = (await catalog.addChecksums()) + (await tables.addChecksums());
  const objects = await new Catalog(catalog).addSums((blob) => blobs.sumsOf(blob).catch(() => undefined));
  await markDataFolder(dir);
  if (entries + objects === 0) return;
  tell('info', `The data in ${dir} now has checksums (${entries} entries, ${objects} objects).`);
}
