import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** The packages that went into a bundle: their folders below the repository's root, sorted. */
export function bundledPackages({ inputs }: Metafile): string[] {
  const folders = Object.keys(inputs).flatMap(
    (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [],
  );
  return [...new Set(folders)].sort();
}

/** The name of a package, of its folder. */
export const packageName = (folder: string): string => folder.split('node_modules/').at(-1) ?? folder;

/**
 * Which packages a bundle holds, with their versions and the texts of their licences, which ask to go with every copy.
 * @param root of the repository
 * @param folders of the packages, below it
 * @throws Error where a package neither states a licence nor has the file of one
 */
export async function noticesOf(root: string, folders: readonly string[]): Promise<string> {
  const notices = await Promise.all(folders.map((folder) => noticeOf(join(root, folder))));
  return `# Packages in this one\n\n${notices.join('\n\n')}\n`;
}

async function noticeOf(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, 'package.json'), 'utf8');
  const { name, version, license, author } = JSON.parse(manifest) as Licensed;
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  if (license === undefined && texts.length === 0) throw new Error(`${name} has no licence.`);
  const by = typeof author === 'string' ? author : author?.name;
  const said = [license, by && `by ${by}`].filter((part) => part !== undefined).join(', ');
  return [`## ${name} ${version}`, said, ...texts.map((text) => text.trim())].join('\n\n');
}

/** What a `package.json` says; `license` is absent in old ones, whose licence lies beside it. */
interface Licensed {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}
