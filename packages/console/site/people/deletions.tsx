import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Api } from '../api/api.ts';
import { Listeners } from '../api/listeners.ts';
import { useReason } from '../components/notice.tsx';
import { useLeaveGuard } from '../components/use-leave-guard.ts';
import { useText } from '../i18n/language.ts';
import { setPath } from './lookup.ts';

/** Long enough to read the note and to reach its button. */
const undoMs = 10_000;

/** People, or single faces, that are to be deleted unless somebody thinks better of it. */
export interface Deletion {
  readonly set: string;
  readonly field: 'external_image_id' | 'face_id';
  /** What is deleted: the field's value, and what people call it. */
  readonly items: readonly { readonly value: string; readonly name: string }[];
}

/** What came of deletions that didn't all go well. */
export interface FailedDeletion {
  readonly deleted: number;
  readonly asked: number;
  /** The last of them. */
  readonly error: unknown;
}

/**
 * Deletes after a pause in which it can be undone: a face that is gone can't be brought back, its vector is in no photo that the
 * service has. Pages hide what is pending and what is being deleted. Leaving the page drops what is pending and deletes nothing.
 */
export class Deletions {
  readonly #api: Api;
  #pending: Deletion | undefined;
  #deleting: readonly Deletion[] = [];
  /** One after the other: two at once would take from each other. */
  #chain: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failed: FailedDeletion | undefined;
  readonly #listeners = new Listeners<Deletion | undefined>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** It can still be undone. */
  get pending(): Deletion | undefined {
    return this.#pending;
  }

  /** These can't be undone any more. */
  get deleting(): readonly Deletion[] {
    return this.#deleting;
  }

  get failed(): FailedDeletion | undefined {
    return this.#failed;
  }

  hides(set: string, field: Deletion['field'], value: string): boolean {
    const all = this.#pending ? [this.#pending, ...this.#deleting] : this.#deleting;
    return all.some(
      (one) => one.set === set && one.field === field && one.items.some((item) => item.value === value),
    );
  }

  /** Another deletion that is pending is carried out at once. */
  ask(deletion: Deletion): void {
    void this.commit();
    this.#pending = deletion;
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

  /** Of what is pending only: what is being deleted goes on. */
  undo(): void {
    clearTimeout(this.#timer);
    this.#pending = undefined;
    this.#tell();
  }

  /** @returns once what was pending, and all before it, is deleted or has failed */
  commit(): Promise<void> {
    clearTimeout(this.#timer);
    const deletion = this.#pending;
    if (!deletion) return this.#chain;
    this.#pending = undefined;
    this.#deleting = [...this.#deleting, deletion];
    this.#chain = this.#chain.then(() => this.#delete(deletion));
    this.#tell();
    return this.#chain;
  }

  dismiss(): void {
    this.#failed = undefined;
    this.#tell();
  }

  /** @param listener told of every change, and of what has been deleted */
  listen(listener: (done?: Deletion) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** One that fails keeps none of the others. */
  async #delete(deletion: Deletion): Promise<void> {
    const { set, field, items } = deletion;
    const errors: unknown[] = [];
    for (const { value } of items) {
      const path = `${setPath(set)}/faces?${field}=${encodeURIComponent(value)}`;
      try {
        await this.#api.call({ method: 'DELETE', path });
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      const before = this.#failed ?? { deleted: 0, asked: 0 };
      this.#failed = {
        deleted: before.deleted + items.length - errors.length,
        asked: before.asked + items.length,
        error: errors.at(-1),
      };
    }
    this.#deleting = this.#deleting.filter((one) => one !== deletion);
    this.#tell(deletion);
  }

  #tell(done?: Deletion): void {
    this.#listeners.tell(done);
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

/** The note that says what is about to be deleted, with the way back, and what could not be deleted. */
export function DeletionNote() {
  const t = useText();
  const deletions = useDeletions();
  const { pending, deleting, failed } = deletions;
  useLeaveGuard(pending !== undefined || deleting.length > 0);
  useEffect(() => () => deletions.undo(), [deletions]);
  const count = deleting.reduce((sum, { items }) => sum + items.length, 0);
  if (!pending && !failed && count === 0) return null;
  const [hold, resume] = [() => deletions.hold(), () => deletions.resume()];
  return (
    <section
      class="toast"
      aria-label={t('Deleting')}
      onMouseEnter={hold}
      onMouseLeave={resume}
      onFocusCapture={hold}
      onBlurCapture={resume}
    >
      {failed && <Failed failed={failed} onClose={() => deletions.dismiss()} />}
      {count > 0 && <span role="status">{t('Being deleted: {}', count)} …</span>}
      {pending && (
        <>
          <span role="status">
            {pending.items.length === 1
              ? t('{} will be deleted.', pending.items[0]?.name ?? '')
              : t('{} will be deleted: {}.', pending.items.length, namesOf(pending))}
          </span>
          <button type="button" onClick={() => deletions.undo()}>
            {t('Undo')}
          </button>
          <button type="button" class="danger" onClick={() => void deletions.commit()}>
            {t('Delete now')}
          </button>
        </>
      )}
    </section>
  );
}

/** The first three, and an ellipsis where there are more. */
const namesOf = ({ items }: Deletion): string =>
  [...items.slice(0, 3).map(({ name }) => name), ...(items.length > 3 ? ['…'] : [])].join(', ');

function Failed({ failed, onClose }: { failed: FailedDeletion; onClose: () => void }) {
  const t = useText();
  const reason = useReason();
  return (
    <>
      <span role="alert">
        {t('Deleted: {} of {}.', failed.deleted, failed.asked)} {reason(failed.error)}
      </span>
      <button type="button" class="secondary" onClick={onClose}>
        {t('Close')}
      </button>
    </>
  );
}
