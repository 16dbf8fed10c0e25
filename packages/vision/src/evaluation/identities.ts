import { readdir, readFile, stat } from 'node:fs/promises';
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
 */
export async function readPairs(file: string, folder: string): Promise<Pair[]> {
  const picture = (name: string, index: string) =>
    join(folder, name, `${name}_${index.padStart(4, '0')}.jpg`);
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).map((line) => line.split('\t'));
  return lines.flatMap(([name = '', first = '', other = '', second]): Pair[] => {
    if (first === '' || other === '') return [];
    return second === undefined
      ? [{ a: picture(name, first), b: picture(name, other), same: true }]
      : [{ a: picture(name, first), b: picture(other, second), same: false }];
  });
}

/** Pairs of a CSV file `file_x,file_y,Decision` with Yes and No. */
export async function readFlatPairs(file: string, folder: string): Promise<Pair[]> {
  const [, ...lines] = (await readFile(file, 'utf8')).trim().split(/\r?\n/);
  return lines.map((line) => {
    const [a = '', b = '', decision] = line.split(',');
    return { a: join(folder, basename(a)), b: join(folder, basename(b)), same: decision === 'Yes' };
  });
}
