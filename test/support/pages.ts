import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Block {
  /** `sh`, `ts`, `json` … */
  readonly language: string;
  readonly text: string;
}

/** The code blocks of a Markdown page, in their order. */
export async function blocksOf(page: string): Promise<Block[]> {
  const text = await readFile(`${root}${page}`, 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
    language,
    text: code,
  }));
}

/** The addresses of a page's links to other pages and files of the repository, with their anchors. */
export async function linksOf(page: string): Promise<string[]> {
  const text = await readFile(`${root}${page}`, 'utf8');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(https?|mailto):/.test(link));
}

/** The anchors of a page's headings, as GitHub makes them. */
export async function anchorsOf(page: string): Promise<string[]> {
  const text = (await readFile(`${root}${page}`, 'utf8')).replace(/^```.*?^```$/gms, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
