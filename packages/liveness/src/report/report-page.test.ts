import { describe, expect, it } from 'vitest';
import { bump, observationsOf, type Scene } from '../testing/synthetic-observations.ts';
import { checksOf } from './checks.ts';
import { reportOf } from './report.ts';
import { reportPage } from './report-page.ts';

const request = { actions: [1] as const, nodThreshold: 10 };
const turn = (scene: Partial<Scene> = {}) =>
  reportOf(observationsOf({ seconds: 4, move: (t) => ({ yaw: 25 * bump(t, 1, 3) }), ...scene }), request, {
    durationMs: 4000,
  });

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
      'duration',
    ]);
    for (const { name, result, reason, limit, frames } of checks) {
      // The scene has no landmarks that tell a picture.
      const isUntold = name === 'living motion' && reason === 'the video shows too little motion to tell';
      expect(result).toBe(isUntold ? 'not checked' : 'passed');
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
    const failed = checksOf(report).filter(({ result }) => result === 'failed');
    expect(failed.map((check) => check.name)).toEqual([name]);
    expect(report.judgement.refusals.map(({ check }) => check)).toEqual([name]);
  });

  it('says of checks that were not made why, and never that they were passed', () => {
    const results = (scene: Partial<Scene>) =>
      Object.fromEntries(checksOf(turn(scene)).map(({ name, result, reason }) => [name, reason ?? result]));
    expect(results({ live: 0.1 })).toMatchObject({
      'anti-spoof': 'failed',
      'living motion': 'it was refused without it',
      'same person': 'passed',
    });
    const moving = observationsOf({ seconds: 4, move: (t) => ({ yaw: 25 * bump(t, 1, 3) }) });
    const faceless = checksOf(
      reportOf(
        moving.map(({ face: _face, ...rest }) => rest),
        request,
        { durationMs: 4000 },
      ),
    );
    expect(faceless.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual(['face']);
    expect(faceless.filter(({ result }) => result === 'passed').map(({ name }) => name)).toEqual([
      'several faces',
      'duration',
    ]);
    const unnamed = moving.map(({ face, ...rest }) => {
      if (face === undefined) return rest;
      const { vector: _vector, ...others } = face;
      return { ...rest, face: others };
    });
    const person = checksOf(reportOf(unnamed, request, { durationMs: 4000 })).find(
      ({ name }) => name === 'same person',
    );
    expect(person).toMatchObject({ result: 'not checked', frames: '0 frames' });
  });

  it('tells how much of the video was looked at, whom is alive too', () => {
    const moving = observationsOf({ seconds: 4, move: (t) => ({ yaw: 25 * bump(t, 1, 3) }) });
    const cut = reportOf(moving, request, { durationMs: 9000, decodedMs: 7633 });
    expect(cut).toMatchObject({ durationMs: 9000, decodedMs: 7633, judgement: { alive: true } });
    expect(reportPage(cut)).toContain('The video is 9.0 s long; the first 7.6 s were looked at.');
    expect(turn().decodedMs).toBe(4000);
    expect(reportPage(turn())).toContain('The video is 4.0 s long; all of it was looked at.');
  });

  it('is one page without scripts or outside files, with all of it and a plot a signal', () => {
    const page = reportPage(turn({ live: 0.1 }));
    expect(page).not.toMatch(/<script|src=|href=/);
    expect(page).toContain('Not alive');
    for (const { name } of checksOf(turn())) expect(page).toContain(name);
    expect(page.match(/<svg/g)?.length).toBeGreaterThan(5);
  });
});
