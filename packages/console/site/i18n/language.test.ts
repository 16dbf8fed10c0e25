import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { errorTable } from '@openfrs/contract';
import { shownSettings } from '@openfrs/core';
import { expect, test } from 'vitest';
import { chinese } from './zh.ts';
import { errorsInChinese } from './zh-errors.ts';
import { reportInChinese, responsesInChinese } from './zh-responses.ts';
import { settingsInChinese } from './zh-settings.ts';

const sources = fileURLToPath(new URL('..', import.meta.url));

/** Every `t('…')` of the pages. */
async function texts(): Promise<Set<string>> {
  const files = (await readdir(sources, { recursive: true })).filter((name) =>
    /(?<!\.test)\.tsx?$/.test(name),
  );
  const found = new Set<string>();
  for (const file of files) {
    const text = await readFile(`${sources}${file}`, 'utf8');
    for (const [, key] of text.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)) found.add(key ?? '');
  }
  return found;
}

test('every text of the pages has a Chinese translation, and no translation is left over', async () => {
  const others = { ...responsesInChinese, ...reportInChinese, ...settingsInChinese, ...errorsInChinese };
  expect(chinese).toMatchObject(others);
  const translated = Object.keys(chinese).filter((key) => !(key in others));
  const wanted = [...(await texts())].filter((key) => !(key in others));
  expect(wanted.length).toBeGreaterThan(100);
  expect(translated.sort()).toEqual(wanted.sort());
});

test("every code of the contract's error table has a Chinese meaning", () => {
  expect(Object.keys(errorsInChinese).sort()).toEqual(Object.keys(errorTable).sort());
});

test('every check of the liveness report, its reasons and its advice have a Chinese translation', async () => {
  const folder = fileURLToPath(new URL('../../../liveness/src/', import.meta.url));
  const refusals = await readFile(`${folder}refusals.ts`, 'utf8');
  const checks = await readFile(`${folder}report/checks.ts`, 'utf8');
  const sentences = [...refusals.matchAll(/[`'] ?([A-Z][^`'$]*\.)/g)].flatMap(([, text = '']) =>
    text.split(/(?<=\.) /),
  );
  const names = [...refusals.matchAll(/^ {4}\| '([^']+)'/gm)].map(([, name]) => name ?? '');
  const reasons = [...checks.matchAll(/'([a-z]+(?: [a-z]+){3,})'/g)].map(([, text]) => text ?? '');
  expect([sentences.length > 15, names.length > 5, reasons.length > 3]).toEqual([true, true, true]);
  const limits = [...checks.matchAll(/limit: '([a-z]+)'/g)].map(([, limit]) => limit ?? '');
  expect(limits.length).toBeGreaterThan(0);
  expect(Object.keys(reportInChinese).sort()).toEqual([...new Set([...names, ...reasons, ...limits])].sort());
  expect(sentences.filter((sentence) => !(sentence in responsesInChinese))).toEqual([]);
});

test('every setting of a server, and what it is when not set, has a Chinese meaning', () => {
  const settings = shownSettings({});
  // A value is a value in any language.
  const isProse = (preset: string) => / /.test(preset) || preset === 'off';
  const wanted = settings.flatMap(({ meaning, preset }) => [meaning, ...(isProse(preset) ? [preset] : [])]);
  expect(Object.keys(settingsInChinese).sort()).toEqual([...new Set(wanted)].sort());
});

test('a translation has as many places for values as the English text', () => {
  const places = (text: string) => text.split('{}').length;
  for (const [english, text] of Object.entries(chinese)) expect(places(text), english).toBe(places(english));
});
