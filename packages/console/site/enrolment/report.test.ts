import { expect, test } from 'vitest';
import { reportCsv } from './report.ts';

test('a report is CSV that spreadsheets read, and take for nothing but text', () => {
  const line = {
    path: 'O"Brien, Ann/1.jpg',
    person: '=1+1',
    external_image_id: 'a',
    result: 'added',
    face_id: 'AbCdEfGh',
    reason: '',
  };
  expect(reportCsv([line])).toBe(
    '\ufeffpath,person,external_image_id,result,face_id,reason\r\n"O""Brien, Ann/1.jpg",\'=1+1,a,added,AbCdEfGh,\r\n',
  );
});
