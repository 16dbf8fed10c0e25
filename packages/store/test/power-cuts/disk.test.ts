import { seeded } from '@openfrs/testing/faults';
import { describe, expect, it } from 'vitest';
import { Disk, type Remains } from './disk.ts';
import { type Syscall, syscalls } from './syscalls.ts';

const text = (remains: Remains, path: string) => remains.get(path)?.toString('latin1');

/** What hundreds of power cuts leave of a file: `gone`, or its text. */
function outcomes(calls: readonly Syscall[], path: string): Set<string> {
  const random = seeded(1);
  const disk = new Disk(new Map());
  for (const call of calls) disk.apply(call);
  return new Set(Array.from({ length: 400 }, () => text(disk.powerCut(random), path) ?? 'gone'));
}

const created = (path: string) => ({ kind: 'created', path, truncated: false }) as const;
const written = (path: string, bytes: string) =>
  ({ kind: 'written', path, bytes: Buffer.from(bytes) }) as const;
const synced = (path: string) =>
  [
    { kind: 'sync-begun', path, id: '1' },
    { kind: 'synced', id: '1' },
  ] as const;

describe('the simulated disk', () => {
  it('keeps what was synced, file and folder, in every power cut', () => {
    expect(
      outcomes([created('d/a'), written('d/a', 'safe'), ...synced('d/a'), ...synced('d')], 'd/a'),
    ).toEqual(new Set(['safe']));
  });

  it('may lose a file whose folder was not synced, and bytes that were not', () => {
    const unnamed = outcomes([created('d/a'), written('d/a', 'safe'), ...synced('d/a')], 'd/a');
    expect(unnamed).toEqual(new Set(['safe', 'gone']));
    const later = [
      created('d/a'),
      written('d/a', 'safe'),
      ...synced('d/a'),
      ...synced('d'),
      written('d/a', '123'),
    ];
    const left = outcomes(later, 'd/a');
    expect([...left].every((each) => each.startsWith('safe'))).toBe(true);
    for (const each of ['safe', 'safe1', 'safe12', 'safe123', 'safe\0\0\0']) expect(left).toContain(each);
  });

  it('leaves the old or the new file of a replacement, and never a name before an earlier one', () => {
    const calls = [
      ...[created('d/a'), written('d/a', 'old'), ...synced('d/a'), ...synced('d')],
      ...[created('d/n'), written('d/n', 'new'), ...synced('d/n')],
      { kind: 'renamed', path: 'd/n', to: 'd/a' } as const,
      created('d/later'),
    ];
    expect(outcomes(calls, 'd/a')).toEqual(new Set(['old', 'new']));
    const random = seeded(2);
    const disk = new Disk(new Map());
    for (const call of calls) disk.apply(call);
    for (let cut = 0; cut < 200; cut++) {
      const remains = disk.powerCut(random);
      if (remains.has('d/later')) expect(text(remains, 'd/a')).toBe('new');
    }
  });

  it('takes what was written while a sync ran for unsafe', () => {
    const calls = [
      ...[
        created('a'),
        written('a', 'x'),
        ...synced('.'),
        { kind: 'sync-begun', path: 'a', id: '7' } as const,
      ],
      ...[written('a', 'y'), { kind: 'synced', id: '7' } as const],
    ];
    const left = outcomes(calls, 'a');
    expect([...left].every((each) => /^x.?$/s.test(each))).toBe(true);
    for (const each of ['x', 'xy', 'x\0']) expect(left).toContain(each);
  });
});

describe('a trace', () => {
  const hex = (plain: string) =>
    [...Buffer.from(plain)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const file = hex('/r/a');

  it('is read with what other threads did between a call and its end', () => {
    const lines = [
      `11 openat(AT_FDCWD<${hex('/')}>, "${file}", O_WRONLY|O_CREAT|O_EXCL, 0600) = 5<${file}>`,
      `11 write(5<${file}>, "${hex('ab')}", 2) = 2`,
      `12 fdatasync(5<${file}> <unfinished ...>`,
      `11 pwrite64(5<${file}>, "${hex('c')}", 1, 2 <unfinished ...>`,
      `12 <... fdatasync resumed>) = 0`,
      `11 <... pwrite64 resumed>) = 1`,
      `11 writev(5<${file}>, [{iov_base="${hex('d')}", iov_len=1}, {iov_base="${hex('e')}", iov_len=1}], 2) = 2`,
      `11 rename("${file}", "${hex('/r/b')}") = 0`,
      `11 unlink("${hex('/r/c')}") = -1 ENOENT (No such file or directory)`,
      `11 write(1<${hex('/elsewhere')}>, "${hex('no')}", 2) = 2`,
    ];
    expect([...syscalls(lines, '/r')]).toEqual([
      { kind: 'created', path: '/r/a', truncated: false },
      { kind: 'written', path: '/r/a', bytes: Buffer.from('ab') },
      { kind: 'sync-begun', path: '/r/a', id: '12' },
      { kind: 'written', path: '/r/a', bytes: Buffer.from('c'), offset: 2 },
      { kind: 'synced', id: '12' },
      { kind: 'written', path: '/r/a', bytes: Buffer.from('de') },
      { kind: 'renamed', path: '/r/a', to: '/r/b' },
    ]);
  });

  it('with a call that is not simulated is refused', () => {
    expect(() => [...syscalls([`11 fallocate(5<${file}>, 0, 0, 9) = 0`], '/r')]).toThrow('fallocate');
  });
});
