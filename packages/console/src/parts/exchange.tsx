import { useState } from 'preact/hooks';
import { type Exchange, useApi } from '../data/api.ts';
import { useText } from '../data/language.ts';
import { scrollable } from './scrollable.ts';
import { snippets } from './snippets.ts';

/** The request that was sent, as code to copy, and its answer. */
export function ExchangeView({ exchange }: { exchange: Exchange | undefined }) {
  const t = useText();
  const { session } = useApi();
  const [shown, setShown] = useState('curl');
  if (exchange === undefined) return null;
  const codes = snippets(exchange.request, session.project);
  return (
    <section class="exchange" aria-label={t('Request and answer')}>
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
        HTTP {exchange.status}, {Math.round(exchange.milliseconds)} ms
      </p>
      <pre {...scrollable}>{JSON.stringify(exchange.body, shorten, 2)}</pre>
    </section>
  );
}

/** Pictures in answers are long Base64. */
function shorten(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > 300 ? `${value.slice(0, 60)}… (${value.length})` : value;
}
