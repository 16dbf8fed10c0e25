import { expect, test } from 'vitest';
import { reportCsv } from './report.ts';

const line = { path: 'a.jpg', person: 'a', external_image_id: 'a', result: 'added', face_id: '', reason: '' };
const cellsOf = async (part: Partial<typeof line>) =>
  (await reportCsv([{ ...line, ...part }])).slice(1).split('\r\n')[1];

test('a report is CSV that spreadsheets read, whatever separator they take', async () => {
  expect(await reportCsv([{ ...line, path: 'O"Brien, Ann/1.jpg' }])).toBe(
    '\ufeff"path","person","external_image_id","result","face_id","reason"\r\n"O""Brien, Ann/1.jpg","a","a","added","",""\r\n',
  );
  expect(await cellsOf({ person: 'x;=cmd' })).toBe('"a.jpg","x;=cmd","a","added","",""');
});

test.each(['=1+1', '+1', '-1', '@a', '\t=1', '\n=1', ' =1', '＝1+1', '＋1', '－1', '＠a'])(
  '%j is a text to a spreadsheet, no formula',
  async (person) => {
    expect(await reportCsv([{ ...line, person }])).toContain(`"'${person}"`);
  },
);
