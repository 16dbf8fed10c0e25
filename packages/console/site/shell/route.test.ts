import { expect, test } from 'vitest';
import { routeOf } from './route.ts';

test.each([
  ['', 'overview', ''],
  ['#/people/employees', 'people', 'employees'],
  ['#/sets/employees', 'people', 'employees'],
  ['#/search/people%3AAbCdEfGh', 'search', 'people:AbCdEfGh'],
  ['#/nowhere/x', 'overview', 'x'],
  ['#/people/%E0%A4%A', 'people', ''],
])('the address %j is the page %s of %j', (hash, page, argument) => {
  expect(routeOf(hash)).toEqual({ page, argument });
});
