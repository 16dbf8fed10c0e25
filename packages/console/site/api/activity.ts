import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { Listeners } from './listeners.ts';
import type { RequestLog } from './request.ts';

/** A request without its photos and its answer. */
export interface ActivityEntry {
  /** Counts up from 1. */
  readonly number: number;
  readonly at: Date;
  /** `POST face-detect` */
  readonly what: string;
  readonly status: number;
  readonly milliseconds: number;
}

const most = 50;

/** The last requests of this tab, the newest first: in memory, gone with the page. */
export class Activity {
  #entries: readonly ActivityEntry[] = [];
  #count = 0;
  readonly #listeners = new Listeners();

  get entries(): readonly ActivityEntry[] {
    return this.#entries;
  }

  add(entry: RequestLog): void {
    this.#count += 1;
    const { status, milliseconds } = entry;
    const { method, path } = entry.request;
    const kept: ActivityEntry = {
      number: this.#count,
      at: new Date(),
      what: `${method} ${path.split('?')[0]}`,
      status,
      milliseconds,
    };
    this.#entries = [kept, ...this.#entries].slice(0, most);
    this.#listeners.tell();
  }

  listen(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }
}

export const ActivityContext = createContext<Activity | undefined>(undefined);

export function useActivity(): readonly ActivityEntry[] {
  const activity = useContext(ActivityContext) as Activity;
  const [entries, setEntries] = useState(activity.entries);
  useEffect(() => activity.listen(() => setEntries(activity.entries)), [activity]);
  return entries;
}
