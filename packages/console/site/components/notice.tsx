import type { ComponentChildren } from 'preact';
import { ApiError } from '../api/api.ts';

/** A line that screen readers say at once when it is bad news. */
export function Notice({ kind, children }: { kind: 'good' | 'bad' | 'info'; children: ComponentChildren }) {
  return (
    <p class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {children}
    </p>
  );
}

/** What went wrong, with the contract's code. */
export function Failure({ error }: { error: unknown }) {
  if (error === undefined) return null;
  return (
    <Notice kind="bad">
      {error instanceof ApiError && <code>{error.code}</code>}{' '}
      {error instanceof Error ? error.message : String(error)}
    </Notice>
  );
}
