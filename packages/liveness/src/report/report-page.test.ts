import { describe, expect, it } from 'vitest';
import { bump, observationsOf, type Scene } from '../testing/synthetic-observations.ts';
import { checksOf } from './checks.ts';
import { reportOf } from './report.ts';
import { reportPage } from './report-page.ts';

const request = { actions: [1] as const, nodThreshold: 10 };
const turn = (scene: Partial<Scene> = {}) =>
  reportOf(
    observationsOf({ seconds: 4, move: (t) => ({ yaw: 25 * bump(t, 1, 3) }), ...scene }),
    request,
    4000,
  );

describe('the report of a video', () => {
  it('has each check with its value, its limit and its frames', () => {
    const checks = checksOf(turn());
    expect(checks.map(({ name }) => name)).toEqual([
      'face',
      'several faces',
      'action',
      'anti-spoof',
      'living motion',
      'same person',
      'cut',
      'face seen',
      'face lost',
    ]);
    for (const { passed, limit, frames } of checks) {
      expect(passed).toBe(true);
      expect(limit).not.toBe('');
      expect(frames).not.toBe('');
    }
  });

  it.each([
    ['anti-spoof', { live: 0.1 }],
    ['action', { move: () => ({}) }],
    ['same person', { person: (t: number) => (t < 2 ? 0 : 1) }],
    ['several faces', { faces: 2 }],
  ] as const)('tells which check failed: %s', (name, scene) => {
    const report = turn(scene);
    const failed = checksOf(report).filter(({ passed }) => !passed);
    expect(failed.map((check) => check.name)).toEqual([name]);
    expect(report.judgement.refusals.map(({ check }) => check)).toEqual([name]);
  });

  it('is one page without scripts or outside files, with all of it and a plot a signal', () => {
    const page = reportPage(turn({ live: 0.1 }));
    expect(page).not.toMatch(/<script|src=|href=/);
    expect(page).toContain('Not alive');
    for (const { name } of checksOf(turn())) expect(page).toContain(name);
    expect(page.match(/<svg/g)?.length).toBeGreaterThan(5);
  });
});
