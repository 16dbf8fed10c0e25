import { describe, expect, it } from 'vitest';
import {
  type Effect,
  type EntryEvent,
  emptyEntry,
  type IndexEntry,
  indexIn,
  isEvictable,
  transition,
} from './index-entry.ts';

/** Stands for an index; its manifest was read from tick 10 to tick 20. */
interface TestIndex {
  readonly name: string;
  readonly asOf: { readonly startedAt: number; readonly endedAt: number };
}
const index = (name: string): TestIndex => ({ name, asOf: { startedAt: 10, endedAt: 20 } });
const [current, other] = [index('current'), index('other')];

const snapshots = {
  older: { startedAt: 1, endedAt: 9 },
  overlapping: { startedAt: 15, endedAt: 25 },
  newer: { startedAt: 21, endedAt: 22 },
};

type Entry = IndexEntry<TestIndex>;
const entry = (change: Partial<Entry>): Entry => ({ ...emptyEntry, ...change });
const loading = (reason: 'search' | 'prefetch') => entry({ contents: { state: 'loading', for: reason } });
const queued = (one: Entry): Entry => ({ ...one, queued: true });

/** Every state that an entry can be in. `lost` is one whose index was found unreadable while it was being caught up. */
const states = {
  empty: entry({}),
  loading: loading('search'),
  'loading, queued': queued(loading('search')),
  prefetching: loading('prefetch'),
  ready: entry({ contents: { state: 'ready', index: current } }),
  catchingUp: entry({ contents: { state: 'catchingUp', index: current } }),
  'catchingUp, queued': queued(entry({ contents: { state: 'catchingUp', index: current } })),
} satisfies Record<string, Entry>;
type State = keyof typeof states;

const events = {
  search: { type: 'search', snapshot: undefined },
  'search, older snapshot': { type: 'search', snapshot: snapshots.older },
  'search, overlapping snapshot': { type: 'search', snapshot: snapshots.overlapping },
  'search, newer snapshot': { type: 'search', snapshot: snapshots.newer },
  prefetch: { type: 'prefetch' },
  loaded: { type: 'loaded', index: other, unreadable: ['a'] },
  caughtUp: { type: 'caughtUp' },
  logTruncated: { type: 'logTruncated', index: current },
  'logTruncated, of a replaced index': { type: 'logTruncated', index: other },
  failed: { type: 'failed' },
  unreadable: { type: 'unreadable', index: current, key: 'k' },
  'unreadable, of a replaced index': { type: 'unreadable', index: other, key: 'k' },
  searched: { type: 'searched', index: current, outcome: 'answered' },
  'searched, of a replaced index': { type: 'searched', index: other, outcome: 'answered' },
  fillFailed: { type: 'fillFailed', index: current },
  needsRebuild: { type: 'needsRebuild', index: current },
  rebuilt: { type: 'rebuilt', index: current, replacement: other },
  'rebuilt, of a replaced index': { type: 'rebuilt', index: other, replacement: index('third') },
  'rebuild failed': { type: 'rebuilt', index: current, replacement: undefined },
} satisfies Record<string, EntryEvent<TestIndex>>;
type Event = keyof typeof events;

/** What may follow: the state by its name, `ready(other)` for another index, and what the cache does. */
type Next = readonly [contents: string, does?: string];
const same: Record<State, string> = {
  empty: 'empty',
  loading: 'loading',
  'loading, queued': 'loading, queued',
  prefetching: 'prefetching',
  ready: 'ready',
  catchingUp: 'catchingUp',
  'catchingUp, queued': 'catchingUp, queued',
};
const stays = Object.fromEntries(
  Object.entries(same).map(([state, name]) => [state, [name]]),
) as unknown as Record<State, Next>;
const joins = {
  loading: ['loading, queued', 'joinFollowUp'],
  'loading, queued': ['loading, queued', 'joinFollowUp'],
  prefetching: ['prefetching', 'joinPrefetch'],
  catchingUp: ['catchingUp, queued', 'joinFollowUp'],
  'catchingUp, queued': ['catchingUp, queued', 'joinFollowUp'],
} as const;

const table: Record<Event, Record<State, Next>> = {
  search: { ...joins, empty: ['loading', 'load fresh'], ready: ['catchingUp', 'catchUp fresh'] },
  'search, older snapshot': {
    ...joins,
    empty: ['loading', 'load given'],
    ready: ['ready', 'answer current'],
  },
  'search, overlapping snapshot': {
    ...joins,
    ...{ empty: ['loading', 'load given'], ready: ['catchingUp', 'catchUp fresh'] },
  },
  'search, newer snapshot': {
    ...joins,
    ...{ empty: ['loading', 'load given'], ready: ['catchingUp', 'catchUp given'] },
  },
  prefetch: { ...stays, empty: ['prefetching', 'load given'] },
  loaded: {
    ...stays,
    loading: ['ready(other)'],
    'loading, queued': ['ready(other)', 'startFollowUp'],
    prefetching: ['ready(other)'],
  },
  caughtUp: {
    ...stays,
    // The index was found unreadable while it was being caught up.
    loading: ['empty', 'drop'],
    'loading, queued': ['empty', 'startFollowUp'],
    prefetching: ['empty', 'drop'],
    catchingUp: ['ready'],
    'catchingUp, queued': ['ready', 'startFollowUp'],
  },
  logTruncated: { ...stays, catchingUp: ['loading'], 'catchingUp, queued': ['loading, queued'] },
  'logTruncated, of a replaced index': stays,
  failed: {
    ...stays,
    loading: ['empty', 'drop'],
    'loading, queued': ['empty', 'startFollowUp'],
    prefetching: ['empty', 'drop'],
    catchingUp: ['ready'],
    'catchingUp, queued': ['ready', 'startFollowUp'],
  },
  unreadable: {
    ...stays,
    ready: ['empty'],
    catchingUp: ['loading'],
    'catchingUp, queued': ['loading, queued'],
  },
  'unreadable, of a replaced index': stays,
  searched: {
    ...stays,
    ready: ['ready', 'fill current'],
    catchingUp: ['catchingUp', 'fill current'],
    'catchingUp, queued': ['catchingUp, queued', 'fill current'],
  },
  'searched, of a replaced index': stays,
  fillFailed: stays,
  needsRebuild: Object.fromEntries(
    Object.entries(same).map(([state, name]) => [state, [name, 'rebuild current']]),
  ) as unknown as Record<State, Next>,
  rebuilt: {
    ...stays,
    ready: ['ready(other)'],
    catchingUp: ['catchingUp(other)'],
    'catchingUp, queued': ['catchingUp(other), queued'],
  },
  'rebuilt, of a replaced index': stays,
  'rebuild failed': stays,
};

function nameOf({ contents, queued: isQueued }: Entry): string {
  const suffix = isQueued ? ', queued' : '';
  if (contents.state === 'empty') return `empty${suffix}`;
  if (contents.state === 'loading') {
    return `${contents.for === 'prefetch' ? 'prefetching' : 'loading'}${suffix}`;
  }
  const { name } = contents.index;
  return `${contents.state}${name === 'current' ? '' : `(${name})`}${suffix}`;
}

function doing(effect: Effect<TestIndex> | undefined): string | undefined {
  if (effect === undefined) return undefined;
  if ('asOf' in effect) return `${effect.do} ${effect.asOf}`;
  return 'index' in effect ? `${effect.do} ${effect.index.name}` : effect.do;
}

describe('the entry of a set in the index cache', () => {
  const rows = Object.entries(table).flatMap(([event, row]) =>
    Object.entries(row).map(([state, [contents, does]]) => ({
      ...{ state: state as State, event: event as Event, contents, does },
    })),
  );

  it.each(rows)('$state | $event | $contents | $does', ({ state, event, contents, does }) => {
    const next = transition<TestIndex>(states[state], events[event]);
    expect(nameOf(next.entry)).toBe(contents);
    expect(doing(next.effect)).toBe(does);
  });

  it('has every state and every event in the table', () => {
    expect(rows).toHaveLength(Object.keys(states).length * Object.keys(events).length);
  });

  it('is in memory, and may be evicted, in some states', () => {
    const named = (judge: (one: Entry) => boolean) =>
      Object.entries(states).flatMap(([name, one]) => (judge(one) ? [name] : []));
    expect(named((one) => indexIn(one) !== undefined)).toEqual(['ready', 'catchingUp', 'catchingUp, queued']);
    expect(named(isEvictable)).toEqual(['empty', 'ready']);
  });

  it('counts the indexes in a row that could not be used', () => {
    const play = (...played: EntryEvent<TestIndex>[]) =>
      played.reduce<Entry>((one, event) => transition(one, event).entry, states.ready).failures;
    const unusable = { type: 'searched', index: current, outcome: 'unreadable' } as const;
    expect(play(unusable, unusable)).toBe(2);
    expect(play(unusable, { type: 'searched', index: current, outcome: 'failed' })).toBe(1);
    expect(play(unusable, events.search, events.logTruncated)).toBe(2);
    expect(play(unusable, events.searched)).toBe(0);
  });

  it('notes unreadable segments, and keeps them', () => {
    const noted = transition<TestIndex>(states.ready, events.unreadable).entry;
    expect(noted.unreadable).toEqual(new Set(['k']));
    const again = transition(transition<TestIndex>(noted, events.search).entry, events.loaded).entry;
    expect(again.unreadable).toEqual(new Set(['k', 'a']));
  });

  it('fills an index once, and again where that failed', () => {
    const filled = transition<TestIndex>(states.ready, events.searched).entry;
    expect(transition(filled, events.searched).effect).toBeUndefined();
    const failed = transition(filled, events.fillFailed).entry;
    expect(doing(transition(failed, events.searched).effect)).toBe('fill current');
    expect(
      doing(
        transition(transition(filled, events.rebuilt).entry, events['searched, of a replaced index']).effect,
      ),
    ).toBe('fill other');
  });

  it('is rebuilt by one at a time', () => {
    const rebuilding = transition<TestIndex>(states.ready, events.needsRebuild).entry;
    expect(transition(rebuilding, events.needsRebuild).effect).toBeUndefined();
    const failed = transition(rebuilding, events['rebuild failed']).entry;
    expect(doing(transition(failed, events.needsRebuild).effect)).toBe('rebuild current');
  });
});
