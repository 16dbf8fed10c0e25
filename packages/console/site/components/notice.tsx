import type { ComponentChildren } from 'preact';
import { ApiError } from '../api/api.ts';
import { useText } from '../i18n/language.ts';

/** A line that screen readers say at once when it is bad news. */
export function Notice(props: { kind: 'good' | 'warn' | 'bad' | 'info'; children: ComponentChildren }) {
  return (
    <div class={`notice ${props.kind}`} role={props.kind === 'bad' ? 'alert' : 'status'}>
      {props.children}
    </div>
  );
}

/** What went wrong, with the contract's code; `onRetry` where trying again may help. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const t = useText();
  const reason = useReason();
  if (error === undefined) return null;
  return (
    <Notice kind="bad">
      {reason(error)}{' '}
      {onRetry && (
        <button type="button" class="secondary" onClick={onRetry}>
          {t('Try again')}
        </button>
      )}
    </Notice>
  );
}

/** Why something failed, in one line: the code, what it means in the reader's language, and the service's own words. */
export function useReason(): (error: unknown) => string {
  const t = useText();
  return (error) => {
    if (error instanceof ApiError) {
      const meaning = t(error.code);
      const own = meaning === error.code ? error.message : `${meaning} (${error.message})`;
      return `${error.code} ${own}`;
    }
    // What fetch throws where nobody answers.
    if (error instanceof TypeError) return t('The service can not be reached: {}', error.message);
    return error instanceof Error ? error.message : String(error);
  };
}

/** While something is worked on: what, and never a figure that isn't known yet. */
export function Busy({ label }: { label?: string | undefined }) {
  const t = useText();
  return (
    <div class="busy" role="status">
      <span>{label ?? t('Working')} …</span>
      <progress aria-label={label ?? t('Working')} />
    </div>
  );
}

/** Where there is nothing yet: what belongs here, and the way to it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}
