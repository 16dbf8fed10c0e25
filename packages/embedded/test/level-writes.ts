import { ClassicLevel } from 'classic-level';
import { vi } from 'vitest';

/** One group of writes that a LevelDB was given as a whole. */
export interface GroupWrite {
  readonly keys: readonly string[];
  /** Whether it was to be on the disk before it ended. */
  readonly sync: boolean | undefined;
}

type Made = ReturnType<typeof chained>;
const chained = (level: ClassicLevel<Buffer, Buffer>) => level.batch();

/** Tells of each group of writes of every LevelDB as it begins, until `vi.restoreAllMocks`. */
export function watchGroupWrites(): GroupWrite[] {
  const groups: GroupWrite[] = [];
  const batch = ClassicLevel.prototype.batch as unknown as (this: unknown) => Made;
  const watched = vi.spyOn(ClassicLevel.prototype, 'batch') as unknown as {
    mockImplementation(made: (this: unknown) => Made): void;
  };
  watched.mockImplementation(function () {
    const made = batch.call(this);
    const [puts, removals] = [vi.spyOn(made, 'put'), vi.spyOn(made, 'del')];
    const writes = vi.spyOn(made, 'write');
    groups.push({
      get keys() {
        return [...puts.mock.calls, ...removals.mock.calls].map(([key]) => String(key));
      },
      get sync() {
        const [[options] = []] = writes.mock.calls as unknown as [[{ readonly sync?: boolean }?]?];
        return options?.sync;
      },
    });
    return made;
  });
  return groups;
}
