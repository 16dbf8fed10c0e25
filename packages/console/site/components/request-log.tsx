import { useState } from 'preact/hooks';
import { type RequestLog, useApi } from '../api/api.ts';
import { useText } from '../i18n/language.ts';
import { scrollable } from './scrollable.ts';
import { snippets } from './snippets.ts';

/** The request that was sent, as code to copy, and its response. */
export function RequestLogView({ entry }: { entry: RequestLog | undefined }) {
  const t = useText();
  const { session } = useApi();
  const [shown, setShown] = useState('curl');
  if (entry === undefined) return null;
  const codes = snippets(entry.request, session.project);
  return (
    <section class="request-log" aria-label={t('Request and answer')}>
      <div class="tabs">
        {Object.keys(codes).map((name) => (
          <button
            key={name}
            type="button"
            class="plain"
            aria-pressed={name === shown}
            onClick={() => setShown(name)}
          >
            {name}
          </button>
        ))}
        <button type="button" class="plain" onClick={() => navigator.clipboard.writeText(codes[shown] ?? '')}>
          {t('Copy')}
        </button>
      </div>
      <pre {...scrollable}>{codes[shown]}</pre>
      <p class="hint">
        HTTP {entry.status}, {Math.round(entry.milliseconds)} ms
      </p>
      <pre {...scrollable}>{JSON.stringify(entry.body, shorten, 2)}</pre>
    </section>
  );
}

/** Pictures in responses are long Base64. */
function shorten(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > 300 ? `${value.slice(0, 60)}… (${value.length})` : value;
}
