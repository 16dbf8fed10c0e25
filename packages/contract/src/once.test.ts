import { expect, it, vi } from 'vitest';
import { once } from './once.ts';

it('makes a value at the first call, and keeps it: undefined, too', () => {
  const make = vi.fn(() => undefined);
  const made = once(make);
  expect(make).not.toHaveBeenCalled();
  expect([made(), made()]).toEqual([undefined, undefined]);
  expect(make).toHaveBeenCalledTimes(1);
});
