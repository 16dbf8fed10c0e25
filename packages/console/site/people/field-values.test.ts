import { externalImageIdPattern, stringValuePattern } from '@openfrs/contract';
import { expect, test } from 'vitest';
import { imageIdPattern } from '../enrolment/ids.ts';
import { fieldValue, stringPattern } from './field-values.ts';

test.each([
  ['string', '张三_1', '张三_1'],
  ['string', 'a b', undefined],
  ['integer', ' 3 ', 3],
  ['integer', '2147483648', undefined],
  ['integer', '3.5', undefined],
  ['long', '9007199254740993', '9007199254740993n'],
  ['long', '9223372036854775808', undefined],
  ['double', '1e3', 1000],
  ['double', '', undefined],
  ['float', 'Infinity', undefined],
  ['boolean', 'true', true],
  ['boolean', 'yes', undefined],
] as const)('a field of type %s takes %j as %j', (type, text, value) => {
  const read = fieldValue(type, text);
  // The reporter of a forked worker takes no bigint among the cases.
  expect(typeof read === 'bigint' ? `${read}n` : read).toBe(value);
});

test("the patterns are the contract's", () => {
  expect(stringPattern).toEqual(stringValuePattern);
  expect(imageIdPattern).toEqual(externalImageIdPattern);
});
