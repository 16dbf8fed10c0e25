import type { AccountsAdmin } from '@openfrs/core';
import { storedLogs } from '../adapters/stored-logs.ts';
import { openStore, type StoreOptions } from '../face-sets/context.ts';
import { type Restored, type RestoreOptions, restoreBackup } from './restore-backup.ts';
import { type BackupSettings, backupLines } from './write-backup.ts';

/** Everything as a file, and back (packages/docs/backup.md). */
export interface Backups {
  /** See `backupLines`; each line with its line end. */
  write(settings: BackupSettings): AsyncGenerator<string>;
  /** See `restoreBackup`. */
  restore(lines: () => AsyncIterable<string>, options: RestoreOptions): Promise<Restored>;
}

/** Backups of all accounts, sets and logs in the stores of `options`; it holds nothing open. */
export function createBackups(options: StoreOptions & { readonly accounts: AccountsAdmin }): Backups {
  const { accounts, dynamodb, table } = options;
  const sources = { store: openStore(options), accounts, logs: storedLogs(dynamodb, table) };
  return {
    write: (settings) => backupLines(sources, settings),
    restore: (lines, how) => restoreBackup(sources, lines, how),
  };
}
