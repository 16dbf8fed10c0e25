import { useCallback, useState } from 'preact/hooks';
import { useApi } from '../data/api.ts';
import { useText } from '../data/language.ts';
import { type LiveReport, readLiveReport } from '../data/live-report.ts';
import { ExchangeView } from '../parts/exchange.tsx';
import { LivenessChart } from '../parts/liveness-chart.tsx';
import { LivenessRecorder, type Recording } from '../parts/liveness-recorder.tsx';
import { LivenessUpload } from '../parts/liveness-upload.tsx';
import { LivenessVerdict, type Verdict } from '../parts/liveness-verdict.tsx';
import { Failure } from '../parts/notice.tsx';
import { useWork } from '../parts/use-work.ts';

export function Liveness(_: { argument: string }) {
  const t = useText();
  const api = useApi();
  const [upload, setUpload] = useState(false);
  const curves = useWork(
    useCallback((form: Readonly<Record<string, string | File>>) => readLiveReport(api.session, form), [api]),
  );
  const check = useWork(
    useCallback(
      async ({ video, actions, windows }: Recording) => {
        curves.clear();
        const form = {
          video_file: video,
          actions,
          ...(windows !== undefined && { action_time: windows }),
        };
        const exchange = await api.call<Verdict>({ method: 'POST', path: 'live-detect', form });
        void curves.start(form);
        return exchange;
      },
      [api, curves.start, curves.clear],
    ),
  );
  const turnTo = (toUpload: boolean) => {
    setUpload(toUpload);
    check.clear();
    curves.clear();
  };
  const Source = upload ? LivenessUpload : LivenessRecorder;
  return (
    <>
      <h1>{t('Liveness')}</h1>
      <div class="tabs">
        <button type="button" class="plain" aria-pressed={!upload} onClick={() => turnTo(false)}>
          {t('Webcam')}
        </button>
        <button type="button" class="plain" aria-pressed={upload} onClick={() => turnTo(true)}>
          {t('File')}
        </button>
      </div>
      <Source onRecorded={(recording) => void check.start(recording)} />
      {(check.busy || curves.busy) && <progress aria-label={t('Working')} />}
      <Failure error={check.error} />
      {check.result && (
        <>
          <LivenessVerdict verdict={check.result.body} />
          <Curves busy={curves.busy} error={curves.error} {...(curves.result && { report: curves.result })} />
        </>
      )}
      <ExchangeView exchange={check.result} />
    </>
  );
}

function Curves({ busy, report, error }: { busy: boolean; report?: LiveReport; error: unknown }) {
  const t = useText();
  if (busy) return null;
  if (error !== undefined) return <Failure error={error} />;
  if (report === undefined) {
    return <p class="hint">{t('Only the local server draws curves of the movements.')}</p>;
  }
  return (
    <section class="card" aria-label={t('Movements')}>
      <LivenessChart report={report} />
    </section>
  );
}
