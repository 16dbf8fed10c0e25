import { useContext, useMemo } from 'preact/hooks';
import type { UsageReport } from '../api/usage.ts';
import { LanguageContext, useText } from '../i18n/language.ts';
import { Chart } from './chart.tsx';

export function UsageChart({ minutes }: { minutes: UsageReport['minutes'] }) {
  const t = useText();
  const language = useContext(LanguageContext);
  const x = useMemo(() => minutes.map(({ time }) => time), [minutes]);
  const curves = useMemo(
    () => [
      { label: t('Requests'), values: minutes.map(({ requests }) => requests), colour: '--first' },
      { label: t('Errors'), values: minutes.map(({ errors }) => errors), colour: '--second' },
    ],
    [minutes, language],
  );
  return <Chart label={t('Requests and errors a minute')} x={x} curves={curves} time />;
}
