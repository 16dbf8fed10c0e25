import type { FileFault } from './integrity/check-level.ts';
import { StorageFault } from './level/storage-fault.ts';

/** A start that failed for a reason that the user can mend; the message says it in one sentence. */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupError';
  }
}

/** A file of the data folder is missing, damaged or can't be used. */
export function fileError(dir: string, { file, problem }: FileFault): StartupError {
  const newer = / newer version /.test(problem);
  const remedy = newer ? 'update openfrs, or use another data folder' : restoreOrStartAnew(dir);
  return new StartupError(`The data file ${file} ${problem}: ${remedy}.`);
}

const restoreOrStartAnew = (dir: string): string =>
  `restore ${dir} from a backup, or remove that folder to start anew without its data`;

/** The codes of an error and of its causes, outermost first. */
function codes(error: unknown): string[] {
  const found: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') found.push(code);
  }
  return found;
}

const unwritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'];

/** What went wrong with the data folder, as one sentence. */
export function folderError(dir: string, error: unknown): StartupError {
  const text = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error);
  const found = codes(error);
  const say = (sentence: string) => new StartupError(sentence, { cause: error });
  if (error instanceof StorageFault && error.damage !== undefined) {
    return say(`In the stored data ${error.damage}: ${restoreOrStartAnew(dir)}.`);
  }
  if (found.includes('LEVEL_LOCKED'))
    return say(`The data folder ${dir} is in use by another running instance.`);
  if (found.some((code) => unwritable.includes(code)) || /permission denied|read-only/i.test(text)) {
    return say(`The data folder ${dir} can't be written to.`);
  }
  if (found.includes('ENOSPC') || /no space left|file too large|quota exceeded/i.test(text)) {
    return say(`There is no space left for the data folder ${dir}.`);
  }
  if (found.includes('LEVEL_CORRUPTION') || /corruption/i.test(text)) {
    return say(
      `The data in ${dir} is damaged: restore it from a backup, or remove the folder to start anew.`,
    );
  }
  return say(`The data folder ${dir} can't be opened: ${text.trim()}`);
}

/** What went wrong with a port, as one sentence. */
export function portError(port: number, what: string, error: unknown): StartupError {
  const [code] = codes(error);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartupError('FRS_HOST is no address of this machine.', { cause: error });
  }
  const reason = { EADDRINUSE: 'is in use by another program', EACCES: 'may not be used by this user' }[
    code ?? ''
  ];
  return new StartupError(`Port ${port} for ${what} ${reason ?? `can't be opened (${code ?? error})`}.`, {
    cause: error,
  });
}
