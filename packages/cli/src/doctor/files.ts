import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../failure.ts';
import type { Stores } from '../stores.ts';
import { type Finding, finding } from './finding.ts';

/** The local server's files that hold secrets. */
const secretFiles = ['credentials.env', 'secret.key'];

/** Whether files with secrets are readable by their owner only; nothing is said of those that aren't here. */
export async function checkFiles(stores: Stores): Promise<Finding[]> {
  const { dataDir } = stores.config;
  const found: Finding[] = [];
  for (const file of secretFiles.map((name) => join(dataDir, name))) {
    const info = await stat(file).catch(() => undefined);
    // Windows has no such modes.
    if (info === undefined || process.platform === 'win32') continue;
    found.push(
      await finding(`permissions of ${file}`, stores, async () => {
        if ((info.mode & 0o077) !== 0) throw new CliError(`Others can read it: chmod 600 ${file}`);
        return 'for its owner only';
      }),
    );
  }
  return found;
}
