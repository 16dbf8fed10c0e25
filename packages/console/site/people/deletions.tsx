import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Api, CallOptions } from '../api/api.ts';
import { useReason } from '../components/notice.tsx';
import { useText } from '../i18n/language.ts';
import { setPath } from './lookup.ts';

/** Long enough to read the note and to reach its button. */
const undoMs = 10_000;

/** People, or single faces, that are to be deleted unless somebody thinks better of it. */
export interface Deletion {
  readonly set: string;
  readonly field: 'external_image_id' | 'face_id';
  readonly values: readonly string[];
}

/**
 * Deletes after a pause in which it can be undone: a face that is gone can't be brought back, its vector is in no photo that the
 * service has. Until then the pages hide it. What is pending is deleted at once when the tab is left or something else is deleted.
 */
export class Deletions {
  readonly #api: Api;
  #pending: Deletion | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #error: unknown;
  readonly #listeners = new Set<(done?: Deletion) => void>();

  constructor(api: Api) {
    this.#api = api;
  }

  get pending(): Deletion | undefined {
    return this.#pending;
  }

  get error(): unknown {
    return this.#error;
  }

  hides(set: string, field: Deletion['field'], value: string): boolean {
    const pending = this.#pending;
    return pending?.set === set && pending.field === field && pending.values.includes(value);
  }

  ask(deletion: Deletion): void {
    void this.commit();
    this.#pending = deletion;
    this.#error = undefined;
    this.resume();
    this.#tell();
  }

  /** The pointer or the focus is on the note: nobody is hurried. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    if (this.#pending) this.#timer = setTimeout(() => void this.commit(), undoMs);
  }

  undo(): void {
    clearTimeout(this.#timer);
    this.#pending = undefined;
    this.#tell();
  }

  async commit(options?: CallOptions): Promise<void> {
    clearTimeout(this.#timer);
    const deletion = this.#pending;
    if (!deletion) return;
    const { set, field, values } = deletion;
    try {
      const requests = values.map(
        (value) => () =>
          this.#api.call(
            { method: 'DELETE', path: `${setPath(set)}/faces?${field}=${encodeURIComponent(value)}` },
            options,
          ),
      );
      // While the page goes away there is no time for one after the other.
      if (options?.keepalive) await Promise.all(requests.map((send) => send()));
      else for (const send of requests) await send();
    } catch (error) {
      this.#error = error;
    }
    if (this.#pending === deletion) this.#pending = undefined;
    this.#tell(deletion);
  }

  dismiss(): void {
    this.#error = undefined;
    this.#tell();
  }

  /** @param listener told of every change, and of what has been deleted */
  listen(listener: (done?: Deletion) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(done?: Deletion): void {
    for (const listener of this.#listeners) listener(done);
  }
}

export const DeletionsContext = createContext<Deletions | undefined>(undefined);

/** @param onDone called with what has been deleted */
export function useDeletions(onDone?: (done: Deletion) => void): Deletions {
  const deletions = useContext(DeletionsContext) as Deletions;
  const [, setCount] = useState(0);
  useEffect(
    () =>
      deletions.listen((done) => {
        if (done) onDone?.(done);
        setCount((count) => count + 1);
      }),
    [deletions, onDone],
  );
  return deletions;
}

/** The note that says what is about to be deleted, with the way back. */
export function DeletionNote() {
  const t = useText();
  const reason = useReason();
  const deletions = useDeletions();
  const { pending, error } = deletions;
  useEffect(() => {
    const leave = () => void deletions.commit({ keepalive: true });
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      // Signing out ends the pause too.
      void deletions.commit();
    };
  }, [deletions]);
  if (error !== undefined) {
    return (
      <div class="toast" role="alert">
        {reason(error)}
        <button type="button" class="secondary" onClick={() => deletions.dismiss()}>
          {t('Close')}
        </button>
      </div>
    );
  }
  if (!pending) return null;
  const [hold, resume] = [() => deletions.hold(), () => deletions.resume()];
  const { length } = pending.values;
  return (
    <section
      class="toast"
      aria-label={t('Deleting')}
      onMouseEnter={hold}
      onMouseLeave={resume}
      onFocusCapture={hold}
      onBlurCapture={resume}
    >
      <span role="status">
        {length === 1
          ? t('{} will be deleted.', pending.values[0] ?? '')
          : t('{} will be deleted: {}.', length, pending.values.slice(0, 3).join(', '))}
      </span>
      <button type="button" onClick={() => deletions.undo()}>
        {t('Undo')}
      </button>
      <button type="button" class="danger" onClick={() => void deletions.commit()}>
        {t('Delete now')}
      </button>
    </section>
  );
}
