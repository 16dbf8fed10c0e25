import { useState } from 'preact/hooks';
import { useApi, writeJson } from '../api/api.ts';
import type { ApiRequest, RequestLog } from '../api/request.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { scrollable } from '../components/scrollable.ts';
import { useText } from '../i18n/language.ts';
import { snippets } from './snippets.ts';

/**
 * The page's request as code to copy and run, sent already or not, and its response once there is one.
 * @param command of `openfrs`, where it is another than the request's own
 */
export function CodeOfCall(props: { request: ApiRequest; entry?: RequestLog | undefined; command?: string }) {
  const t = useText();
  const { session } = useApi();
  const [shown, setShown] = useState('curl');
  const { entry } = props;
  const codes = snippets(entry?.request ?? props.request, session.project, props.command);
  const name = shown in codes ? shown : 'curl';
  return (
    <details class="code-of-call">
      <summary>{t('The same as code')}</summary>
      <section class="request-log stack" aria-label={t('Request and answer')}>
        <div class="tabs">
          {Object.keys(codes).map((one) => (
            <button
              key={one}
              type="button"
              class="plain"
              aria-pressed={one === name}
              onClick={() => setShown(one)}
            >
              {one}
            </button>
          ))}
          <CopyButton text={codes[name] ?? ''} />
        </div>
        <pre {...scrollable} data-language={name}>
          {codes[name]}
        </pre>
        {name === 'curl' && (
          <p class="hint">
            {t('TOKEN is a token of this project: POST /v3/auth/tokens, good for 24 hours.')}
          </p>
        )}
        {name !== 'curl' && (
          <p class="hint">
            {t('It reads the access key or the token from the environment: .data/credentials.env has them.')}
          </p>
        )}
        {entry && (
          <>
            <p class="hint">
              HTTP {entry.status}, {Math.round(entry.milliseconds)} ms
            </p>
            <pre {...scrollable}>{writeJson(shorten(entry.body), 2)}</pre>
          </>
        )}
      </section>
    </details>
  );
}

/** Pictures in responses are long Base64. */
function shorten(value: unknown): unknown {
  if (typeof value === 'string' && value.length > 300) return `${value.slice(0, 60)}… (${value.length})`;
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shorten(part)]));
}
