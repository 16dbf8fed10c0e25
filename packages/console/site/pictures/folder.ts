import { isPicture } from '../photos/photo.ts';
import type { PathFile } from './picture-book.ts';

/** For an input that chooses a folder: an attribute that Preact's types don't know. */
export const choosesFolder = { webkitdirectory: true } as const;

/** The files of a chosen folder, each with its path within it. */
export function filesOfInput(files: FileList | null): PathFile[] {
  return [...(files ?? [])].map((file) => {
    const [, ...rest] = file.webkitRelativePath.split('/');
    return { path: rest.length > 0 ? rest.join('/') : file.name, file };
  });
}

export const picturesOf = (files: readonly PathFile[]): PathFile[] =>
  files.filter(({ file }) => isPicture(file));

/** The files of what was dropped, folders with all that is in them. One folder alone is the folder itself, not a person. */
export async function filesOfDrop(items: DataTransferItemList): Promise<PathFile[]> {
  // They are gone once this turn of the event loop is over.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const [only, ...more] = entries;
  const found: PathFile[] = [];
  if (only?.isDirectory && more.length === 0) {
    for (const inside of await children(only as FileSystemDirectoryEntry)) await walk(inside, '', found);
  } else for (const entry of entries) await walk(entry, '', found);
  return found;
}

async function walk(entry: FileSystemEntry, parent: string, found: PathFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ path: `${parent}${entry.name}`, file });
    return;
  }
  for (const inside of await children(entry as FileSystemDirectoryEntry)) {
    await walk(inside, `${parent}${entry.name}/`, found);
  }
}

/** A reader hands out a hundred or so at a time. */
async function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
