import { useContext, useMemo } from 'preact/hooks';
import type { LivenessReport } from '../api/live-report.ts';
import { LanguageContext, useText } from '../i18n/language.ts';
import { Chart } from './chart.tsx';

/** Yaw and pitch in degrees on the left axis, the mouth's opening on the right one; the asked times are shaded. */
export function LivenessChart({ report }: { report: LivenessReport }) {
  const t = useText();
  const language = useContext(LanguageContext);
  const { x, curves, bands } = useMemo(() => {
    const { frames, request } = report;
    return {
      x: frames.map(({ timeMs }) => timeMs / 1000),
      curves: [
        { label: t('yaw (°, own left up)'), values: frames.map(({ yaw }) => yaw ?? null), colour: '--first' },
        { label: t('pitch (°)'), values: frames.map(({ pitch }) => pitch ?? null), colour: '--second' },
        {
          label: t('mouth'),
          values: frames.map(({ mouth }) => mouth ?? null),
          colour: '--good',
          scale: 'mouth',
        },
      ],
      bands: (request.windows ?? []).map(({ from, to }) => ({ from: from / 1000, to: to / 1000 })),
    };
  }, [report, language]);
  return (
    <Chart
      label={t('Yaw, pitch and mouth over the seconds of the video')}
      x={x}
      curves={curves}
      bands={bands}
      time={false}
    />
  );
}
