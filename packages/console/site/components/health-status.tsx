import type { Health } from '../api/health.ts';
import { useText } from '../i18n/language.ts';

/** What the server says of itself, in words and a colour. */
export function HealthStatus({ health }: { health: Health }) {
  const t = useText();
  const kinds = { ok: 'good', degraded: 'warn', starting: 'warn', unknown: '' } as const;
  const words = {
    ok: t('The service is well'),
    degraded: t('The service works with limits'),
    starting: t('The service is starting'),
    unknown: t('This deployment does not tell its health here.'),
  };
  return (
    <>
      <p class={`status ${kinds[health.status]}`}>{words[health.status]}</p>
      {health.reason !== undefined && <p class="hint">{health.reason}</p>}
    </>
  );
}
