import { useEffect, useRef, useState } from 'preact/hooks';
import type { LivenessReport, ReportCheck } from '../api/live-report.ts';
import { useText } from '../i18n/language.ts';
import { useObjectUrl } from '../photos/use-object-url.ts';
import type { ActionCode } from '../recording/challenge.ts';
import { useActions } from './actions.ts';
import { followPlayback } from './follow-playback.ts';
import { AntiSpoofChart, MovementChart } from './liveness-chart.tsx';
import { Table } from './table.tsx';

/** The video beside what was seen in it: the curves follow the playback, and a click on them goes there. */
export function LivenessPlayback({ video, report }: { video: File; report: LivenessReport }) {
  const t = useText();
  const player = useRef<HTMLVideoElement>(null);
  const url = useObjectUrl(video);
  const [at, setAt] = useState(0);
  useEffect(() => {
    const element = player.current;
    return element ? followPlayback(element, setAt) : undefined;
  }, [url]);
  const seek = (seconds: number) => {
    if (player.current) player.current.currentTime = Math.max(0, seconds);
  };
  return (
    <section class="card" aria-label={t('Movements')}>
      <div class="columns even">
        {/* A recording says nothing that captions could tell. */}
        <video
          ref={player}
          class="best"
          src={url}
          controls
          muted
          playsInline
          preload="auto"
          aria-label={t('The recording')}
        />
        <div>
          <MovementChart {...{ report, at }} onSeek={seek} />
          <AntiSpoofChart {...{ report, at }} onSeek={seek} />
        </div>
      </div>
      <ChecksTable checks={report.checks} />
    </section>
  );
}

function ChecksTable({ checks }: { checks: readonly ReportCheck[] }) {
  const t = useText();
  const actions = useActions();
  const results = { passed: t('passed'), failed: t('failed'), 'not checked': t('not checked') };
  const columns = [t('Check'), t('Value'), t('Limit'), t('Result')];
  const rows = checks.map(({ name, action, value, limit, result, reason }, index) => ({
    key: String(index),
    class: result === 'failed' ? 'failed' : '',
    cells: [
      action === undefined ? t(name) : `${t(name)}: ${actions[action as ActionCode].name}`,
      value === undefined ? '–' : Number(value.toFixed(3)),
      t(limit),
      reason === undefined ? results[result] : `${results[result]}: ${t(reason)}`,
    ],
  }));
  return <Table label={t('Checks')} {...{ columns, rows }} />;
}
