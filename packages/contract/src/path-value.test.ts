import { stringValuePattern } from '@openfrs/contract';
import { expect, it } from 'vitest';
import { pathOfValue, pathValue } from './path-value.ts';

it.each([
  ['ann-1.jpg', 'ann-1_2Ejpg'],
  ['deep/ann_2.jpg', 'deep_2Fann_5F2_2Ejpg'],
  ["Mary Ann O'Brien/1.jpg", 'Mary_20Ann_20O_27Brien_2F1_2Ejpg'],
  ['Jos\u00e9', 'Jos_C3_A9'],
  ['Jose\u0301', 'Jose_CC_81'],
  ['\u5f20\u4e09', '_E5_BC_A0_E4_B8_89'],
  ['100% 😀+&?#\\', '100_25_20_F0_9F_98_80_2B_26_3F_23_5C'],
])('%s is a value that the contract takes, and comes back as it was', (path, value) => {
  expect(pathValue(path)).toBe(value);
  expect(pathOfValue(value)).toBe(path);
  expect(value).toMatch(stringValuePattern);
});

it.each(['_FF', 'ann_', 'ann_zz', ''])('%s is no path', (value) => {
  expect(pathOfValue(value)).toBeUndefined();
});
