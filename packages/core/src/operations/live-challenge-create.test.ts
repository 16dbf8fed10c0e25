import { expect, it } from 'vitest';
import type { Action } from '../ports/liveness.ts';
import { drawActions } from './live-challenge-create.ts';

it('draws every sequence in which no action follows itself, each about as often', () => {
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 36 * 200; draw++) {
    const sequence = drawActions([1, 2, 3, 4]).join(',');
    counts.set(sequence, (counts.get(sequence) ?? 0) + 1);
  }
  expect(counts.size).toBe(4 * 3 * 3);
  for (const sequence of counts.keys()) expect(sequence).not.toMatch(/(\d),\1/);
  // Six standard deviations: one run in ten million fails by chance.
  for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(6 * Math.sqrt(200));
});

it('draws from what is allowed', () => {
  const allowed: Action[] = [1, 3];
  for (let draw = 0; draw < 50; draw++) expect(['1,3,1', '3,1,3']).toContain(drawActions(allowed).join(','));
});
