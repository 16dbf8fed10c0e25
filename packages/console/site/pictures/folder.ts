import { isPicture } from '../photos/photo.ts';
import type { PathFile } from './face-photos.ts';

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
  files.filter(({ file }) => isPicture(file) && !isHidden(file.name));

/** What systems put beside files: macOS a `._1.jpg` beside each `1.jpg`. */
export const isHidden = (name: string): boolean => name.startsWith('.');

/** The files of what was dropped, folders with all that is in them. The one folder beside no photos is itself no person. */
export async function filesOfDrop(items: DataTransferItemList): Promise<PathFile[]> {
  // They are gone once this turn of the event loop is over.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const folders = entries.filter(({ isDirectory }) => isDirectory);
  const found: PathFile[] = [];
  for (const entry of entries.filter(({ isFile }) => isFile)) await walk(entry, '', found);
  const isRoot = folders.length === 1 && picturesOf(found).length === 0;
  for (const folder of folders) {
    if (!isRoot) await walk(folder, '', found);
    else
      for (const inside of await children(folder as FileSystemDirectoryEntry)) await walk(inside, '', found);
  }
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
