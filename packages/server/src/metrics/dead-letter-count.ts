import type { StoredDeadLetters } from '@openfrs/store';

/** Of all servers, whoever scrapes them. */
const goodForMs = 60_000;
/** More are as bad. */
const mostCounted = 1000;
/** A scrape waits no longer for the table. */
const longestMs = 2000;

/** Counts dead letters, at most once a minute; NaN where the table doesn't answer, so that a scrape has all the rest. */
export function deadLetterCount(letters: Pick<StoredDeadLetters, 'list'>): () => Promise<number> {
  let last: { readonly at: number; readonly count: Promise<number> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at > goodForMs) {
      last = { at: performance.now(), count: counted(letters) };
    }
    return last.count;
  };
}

function counted(letters: Pick<StoredDeadLetters, 'list'>): Promise<number> {
  const late = new Promise<number>((resolve) => {
    setTimeout(resolve, longestMs, Number.NaN).unref();
  });
  const count = letters.list(mostCounted).then(
    ({ length }) => length,
    () => Number.NaN,
  );
  return Promise.race([count, late]);
}
