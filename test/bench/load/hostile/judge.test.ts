import { expect, it } from 'vitest';
import { type Row, verdicts } from './judge.ts';

const harmless: Row = {
  attack: 'none',
  quiet: { p50: 100, p99: 150 },
  detect: { p50: 200, p99: 450, served: 50 },
  stretch: 5000,
  lists: { p50: 5, p99: 199 },
  logins: { p50: 100, max: 300 },
  refusals: { 'face-detect: FRS.0033': 3 },
  tally: { sent: 10, ends: { 'FRS.0033': 10 }, faults: 0, unanswered: 0, slowest: 10 },
  perSecond: 1,
  cores: { service: 1.5, attacker: 0.2, honest: 0.1 },
  faults: 0,
  unanswered: 0,
  memory: { before: 1000, peak: 1900, after: 1100, backAfter: 40 },
  lateMs: 50,
  recovered: true,
};
const broken = (change: Partial<Row>) =>
  verdicts({ ...harmless, ...change }).flatMap(({ rule, holds }) => (holds ? [] : [rule]));

it('passes what is within the acceptance of issue 18', () => expect(broken({})).toEqual([]));

it.each([
  ['face-detect p99 ≤ 3 × quiet', { detect: { p50: 200, p99: 451, served: 50 } }],
  ['face-detect p99 ≤ 3 × quiet', { detect: { p50: 0, p99: 0, served: 0 } }],
  ['never refused for longer than 5 s', { stretch: 5001 }],
  ['lists p99 < 200 ms', { lists: { p50: 5, p99: 200 } }],
  ['memory back within 10 %', { memory: { before: 1000, peak: 1900, after: 1101 } }],
  ['no answer of 500 and above', { faults: 1 }],
  ['every request answered or closed', { unanswered: 1 }],
  ['served again afterwards', { recovered: false }],
] as const)('%s', (rule, change) => expect(broken(change)).toEqual([rule]));

it('is strict about faults only: what a busy machine spoils is not hard', () => {
  const hard = verdicts(harmless).flatMap((one) => (one.hard ? [one.rule] : []));
  expect(hard).toEqual([
    'no answer of 500 and above',
    'every request answered or closed',
    'served again afterwards',
  ]);
});
