import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { blocksOf, linksOf, root } from '../support/pages.ts';

const english = 'packages/client/docs/';
const chinese = `${english}zh-CN/`;
const pagesIn = async (folder: string) =>
  (await readdir(`${root}${folder}`, { recursive: true })).filter((name) => name.endsWith('.md'));
const textOf = (page: string) => readFile(`${root}${page}`, 'utf8');

/** A program without its comments, which are translated. */
function withoutComments(language: string, text: string): string {
  if (language !== 'ts') return text;
  const { comments } = parseSync('page.ts', text);
  return [...comments]
    .reverse()
    .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}

/** What is named in both languages by the same letters: commands, fields, paths, outside of programs. */
const namesIn = (text: string) =>
  new Set([...text.replace(/^```.*?^```$/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name));

/** Levels of headings, and rows of tables, in their order. */
const outlineOf = (text: string) =>
  text
    .replace(/^```.*?^```$/gms, '')
    .split('\n')
    .flatMap(
      (line) =>
        /^(#+) /.exec(line)?.[1] ?? (line.startsWith('|') ? `| ${line.split(/(?<!\\)\|/).length - 2}` : []),
    );

describe.each(await pagesIn(chinese))('%s in Chinese', (name) => {
  it('has the code of the English page, which is run', async () => {
    const codeOf = async (folder: string) =>
      (await blocksOf(folder + name)).map(({ language, text }) => withoutComments(language, text));
    expect(await codeOf(chinese)).toEqual(await codeOf(english));
  });

  it('has its chapters and tables, and names all commands and fields', async () => {
    const [translated, original] = [await textOf(chinese + name), await textOf(english + name)];
    expect(outlineOf(translated)).toEqual(outlineOf(original));
    const names = namesIn(translated);
    expect([...namesIn(original)].filter((one) => !names.has(one))).toEqual([]);
  });

  it('links to the Chinese page where there is one', async () => {
    const links = (await linksOf(chinese + name)).map((link) =>
      new URL(link, `file:///${chinese}${name}`).pathname.slice(1),
    );
    const own = `${english}${name}`;
    const translated = links.filter(
      (link) =>
        link !== own && link.startsWith(english) && existsSync(root + chinese + link.slice(english.length)),
    );
    expect(translated.filter((link) => !link.startsWith(chinese))).toEqual([]);
  });
});

it('every guide is there in Chinese', async () => {
  expect(await pagesIn(`${chinese}guides`)).toEqual(await pagesIn(`${english}guides`));
});
