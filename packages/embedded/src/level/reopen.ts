import { AbstractLevel } from 'abstract-level';
import { serialWritesOf } from './serial-writes.ts';

const { close, open } = AbstractLevel.prototype as unknown as {
  close(this: object): Promise<void>;
  open(this: object, options: { readonly createIfMissing: boolean }): Promise<void>;
};

/**
 * Closes a LevelDB and opens it again: its log is read back up to its torn end, and writes are taken again. Nothing may be
 * using it meanwhile. A library's own `close`, which would end more, is passed by.
 * @throws Error it could not be opened; calling again tries again
 */
export async function reopenLevel(level: object): Promise<void> {
  await close.call(level);
  await open.call(level, { createIfMissing: false });
  serialWritesOf(level).reopened();
}
