import { describe, expect, it } from 'vitest';
import { readActions, readWindows } from './actions.ts';

describe('actions and their windows', () => {
  it('are read in their order', () => {
    expect(readActions('1,3,2,5,4')).toEqual([1, 3, 2, 5, 4]);
    expect(readActions('1,1,1,1,1,1,1,1,1,1')).toHaveLength(10);
    expect(readWindows('1000-3000,3000-7000', 2)).toEqual([
      { from: 1000, to: 3000 },
      { from: 3000, to: 7000 },
    ]);
  });

  it('too many actions are FRS.0704, also if some are unknown', () => {
    expect(() => readActions('9,1,1,1,1,1,1,1,1,1,1')).toThrowError(
      expect.objectContaining({ code: 'FRS.0704' }),
    );
  });

  it.each([
    '1-2',
    '1-2,3-4,5-6',
    '2-1,3-4',
    '1-1,3-4',
    '1-5,4-6',
    '3-4,1-2',
    ' 1-2,3-4',
    '1e3-2e3,3000-4000',
    '1-2,3-9999999999',
  ])('windows that do not fit two actions are FRS.0703: %s', (text) =>
    expect(() => readWindows(text, 2)).toThrowError(expect.objectContaining({ code: 'FRS.0703' })),
  );
});
