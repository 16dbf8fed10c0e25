import { useContext, useMemo } from 'preact/hooks';
import type { LivenessReport } from '../api/live-report.ts';
import { LanguageContext, useText } from '../i18n/language.ts';
import { Chart } from './chart.tsx';

interface Playback {
  readonly report: LivenessReport;
  /** Seconds that the playback has come to. */
  readonly at: number;
  readonly onSeek: (seconds: number) => void;
}

/** Yaw and pitch in degrees on the left axis, the mouth's opening on the right one; the asked times are shaded. */
export function MovementChart({ report, at, onSeek }: Playback) {
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
      {...{ x, curves, bands, at, onSeek }}
      time={false}
    />
  );
}

/** The anti-spoof models' score, [0, 1]; what was taken for an action is shaded. */
export function AntiSpoofChart({ report, at, onSeek }: Playback) {
  const t = useText();
  const language = useContext(LanguageContext);
  const { x, curves, bands } = useMemo(() => {
    const judged = report.frames.filter(({ live }) => live !== undefined);
    return {
      x: judged.map(({ timeMs }) => timeMs / 1000),
      curves: [
        {
          label: t('anti-spoof score (1: live)'),
          values: judged.map(({ live }) => live ?? null),
          colour: '--first',
        },
      ],
      bands: report.judgement.events
        .filter(({ confidence }) => confidence >= 0.5)
        .map(({ from, to }) => ({ from: from / 1000, to: to / 1000 })),
    };
  }, [report, language]);
  return (
    <Chart
      label={t('Anti-spoof score over the seconds of the video')}
      {...{ x, curves, bands, at, onSeek }}
      span={report.durationMs / 1000}
      time={false}
    />
  );
}
