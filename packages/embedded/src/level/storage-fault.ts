/** Why a store can't be written to, by what the system calls it; the first that fits. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/ENOSPC|EDQUOT|EFBIG|no space left|quota exceeded|file too large/i, 'there is no space left on its disk'],
  [/EROFS|read-only file system/i, 'its file system is read-only'],
  [/EACCES|EPERM|permission denied|operation not permitted/i, 'its files may not be written'],
  [/EMFILE|ENFILE|too many open files/i, 'there are too many open files'],
  [/EIO|input\/output error/i, 'its disk fails'],
];

/** The reason in words, of an error of the file system or of LevelDB; `undefined` where it is neither. */
export function storageReason(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const text = `${(at as NodeJS.ErrnoException).code ?? ''} ${at.message}`;
    const found = reasons.find(([pattern]) => pattern.test(text));
    if (found) return found[1];
  }
  return undefined;
}

/** HTTP's "Insufficient Storage". */
const insufficientStorage = 507;

/**
 * A read or write that LevelDB failed. `statusCode` and `body` are how dynalite recognises an error that it may answer with; any
 * other ends its thread.
 */
export class StorageFault extends Error {
  readonly statusCode: number;
  readonly body: { readonly __type: string; readonly message: string };
  /** What is damaged, and how: `the entry … of … is damaged (why)`. */
  readonly damage: string | undefined;

  private constructor(message: string, statusCode: number, type: string, cause: unknown, damage?: string) {
    super(message, { cause });
    this.name = 'StorageFault';
    this.statusCode = statusCode;
    this.damage = damage;
    this.body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message };
  }

  /** Nothing can be written; else something can't be read. */
  get unwritable(): boolean {
    return this.statusCode === insufficientStorage;
  }

  /** 507, which clients don't repeat at once: room must be made first. */
  static unwritable(cause: unknown): StorageFault {
    const reason = storageReason(cause) ?? 'its last write failed';
    return new StorageFault(
      `The store can't be written to: ${reason}.`,
      insufficientStorage,
      'StorageFullException',
      cause,
    );
  }

  static unreadable(cause: unknown): StorageFault {
    const said = cause instanceof Error ? cause.message : String(cause);
    return new StorageFault(`Stored data can't be read (${said})`, 500, 'InternalServerError', cause);
  }

  /** @param what names it: `the entry … of …` */
  static damaged(what: string, cause: unknown): StorageFault {
    const said = cause instanceof Error ? cause.message : String(cause);
    const message = `Stored data is damaged: ${what} (${said}).`;
    return new StorageFault(message, 500, 'InternalServerError', cause, `${what} is damaged (${said})`);
  }
}
