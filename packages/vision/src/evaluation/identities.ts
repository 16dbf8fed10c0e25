import { constants } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

export interface Picture {
  readonly file: string;
  readonly person: string;
}

export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

/** The first photo of so many people, evenly spread over all of them. */
export function photoOfEach(pictures: readonly Picture[], most: number): Picture[] {
  const first = new Map(pictures.toReversed().map((picture) => [picture.person, picture]));
  const step = Math.ceil(first.size / most);
  return [...first.values()].reverse().filter((_, index) => index % step === 0);
}

const pictureName = /\.(jpe?g|png|bmp)$/i;

/**
 * A folder a person (or a link to one): its pictures.
 * @throws Error fewer than two people: nobody to tell apart
 */
export async function readPeople(folder: string): Promise<Picture[]> {
  const people: Picture[] = [];
  for (const person of (await readdir(folder)).sort()) {
    const own = join(folder, person);
    if (!(await stat(own)).isDirectory()) continue;
    const files = (await readdir(own)).filter((name) => pictureName.test(name)).sort();
    people.push(...files.map((name) => ({ file: join(own, name), person })));
  }
  if (new Set(people.map(({ person }) => person)).size < 2) {
    throw new Error(`${folder} must hold at least two folders with photos, one a person.`);
  }
  return people;
}

/**
 * A pair list in LFW's format: a line with the size, then `name i j` for one person and `name i other j` for two;
 * picture i of a person is `name/name_000i.jpg`.
 * @throws Error a picture of the list is missing or can't be read, a line is no pair, or there is no pair
 */
export async function readPairs(file: string, folder: string): Promise<Pair[]> {
  const picture = (name: string, index: string) =>
    join(folder, name, `${name}_${index.padStart(4, '0')}.jpg`);
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).map((line) => line.split('\t'));
  const pairs = lines.flatMap((cells, at): Pair[] => {
    // The first line says how many there are.
    if (cells.join('').trim() === '' || (at === 0 && cells.every((cell) => /^\d*$/.test(cell)))) return [];
    const [name = '', first = '', other = '', second] = cells;
    if (
      cells.length < 3 ||
      cells.length > 4 ||
      ![first, second ?? other].every((index) => /^\d+$/.test(index))
    ) {
      throw new Error(
        `Line ${at + 1} of ${file} is no pair of LFW's format: name, i, j or name, i, other, j, with tabs.`,
      );
    }
    return second === undefined
      ? [{ a: picture(name, first), b: picture(name, other), same: true }]
      : [{ a: picture(name, first), b: picture(other, second), same: false }];
  });
  return await checkedPairs(file, pairs);
}

/** Pairs of a CSV file `file_x,file_y,Decision` with Yes and No. @throws Error as `readPairs` */
export async function readFlatPairs(file: string, folder: string): Promise<Pair[]> {
  const [, ...lines] = (await readFile(file, 'utf8')).trim().split(/\r?\n/);
  const pairs = lines.map((line, at) => {
    const [a = '', b = '', decision = ''] = line.split(',').map((cell) => cell.trim());
    if (a === '' || b === '' || !['Yes', 'No'].includes(decision)) {
      throw new Error(`Line ${at + 2} of ${file} is no pair: two files, and Yes or No.`);
    }
    return { a: join(folder, basename(a)), b: join(folder, basename(b)), same: decision === 'Yes' };
  });
  return await checkedPairs(file, pairs);
}

/** Every picture of a list is there, before the first is looked at: measuring takes minutes. */
async function checkedPairs(list: string, pairs: readonly Pair[]): Promise<Pair[]> {
  if (pairs.length === 0) throw new Error(`${list} lists no pair.`);
  const missing: string[] = [];
  for (const picture of new Set(pairs.flatMap(({ a, b }) => [a, b]))) {
    await access(picture, constants.R_OK).catch(() => missing.push(picture));
  }
  const [first] = missing;
  if (first === undefined) return [...pairs];
  const others = missing.length > 1 ? ` and ${missing.length - 1} others` : '';
  throw new Error(`${list} lists pictures that are not there or can't be read: ${first}${others}.`);
}
