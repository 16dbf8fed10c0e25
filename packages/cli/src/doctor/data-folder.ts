import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDataFolder } from '@openfrs/embedded/integrity';
import type { Stores } from '../stores.ts';
import type { Finding } from './finding.ts';

/** The local server's stores, file by file and checksum by checksum, whether it runs or not; nothing is said where there are none. */
export async function checkStoredFiles(stores: Stores): Promise<Finding[]> {
  const { dataDir } = stores.config;
  const held = await stat(join(dataDir, 'secret.key')).then(
    () => true,
    () => false,
  );
  if (!held) return [];
  const faults = await checkDataFolder(dataDir, { held, values: true });
  if (faults.length === 0) return [{ check: 'data files', result: 'ok', detail: `whole, in ${dataDir}` }];
  return faults.map(({ file, problem }) => ({
    check: 'data files',
    result: 'wrong',
    detail: `${file} ${problem}: restore ${dataDir} from a backup`,
  }));
}
