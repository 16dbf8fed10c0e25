import { useCallback, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import { type LivenessReport, readLiveReport } from '../api/live-report.ts';
import type { ApiRequest } from '../api/request.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { LivenessChart } from '../components/liveness-chart.tsx';
import { LivenessRecorder, type Recording } from '../components/liveness-recorder.tsx';
import { LivenessUpload } from '../components/liveness-upload.tsx';
import { LivenessVerdict, type Verdict } from '../components/liveness-verdict.tsx';
import { Busy, Failure } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { PageHead } from '../shell/page-head.tsx';

const example: ApiRequest = {
  method: 'POST',
  path: 'live-detect',
  form: { video_file: new File([], 'video.webm'), actions: '1,3' },
};

export function Liveness(_: { argument: string }) {
  const t = useText();
  const api = useApi();
  const [upload, setUpload] = useState(false);
  const curves = useAsync(
    useCallback((form: Readonly<Record<string, string | File>>) => readLiveReport(api.session, form), [api]),
  );
  const check = useAsync(
    useCallback(
      async ({ video, actions, windows, challengeId }: Recording) => {
        curves.clear();
        const given = { video_file: video, ...(windows !== undefined && { action_time: windows }) };
        const asked = challengeId === undefined ? { actions } : { challenge_id: challengeId };
        const form = { ...given, ...asked };
        const response = await api.call<Verdict>({ method: 'POST', path: 'live-detect', form });
        // The challenge is used up.
        void curves.start({ ...given, actions });
        return response;
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
      <PageHead
        title={t('Liveness')}
        lead={t('Whether a live person is before the camera, who does what was asked for.')}
      />
      <div class="stack">
        <div class="tabs">
          <button type="button" class="plain" aria-pressed={!upload} onClick={() => turnTo(false)}>
            {t('Webcam')}
          </button>
          <button type="button" class="plain" aria-pressed={upload} onClick={() => turnTo(true)}>
            {t('File')}
          </button>
        </div>
        <Source onRecorded={(recording) => void check.start(recording)} />
        {(check.busy || curves.busy) && <Busy label={t('Judging the video')} />}
        <Failure error={check.error} />
        {check.result && (
          <>
            <LivenessVerdict verdict={check.result.body} />
            <Curves
              busy={curves.busy}
              error={curves.error}
              {...(curves.result && { report: curves.result })}
            />
          </>
        )}
      </div>
      <CodeOfCall request={example} entry={check.result} />
    </>
  );
}

function Curves({ busy, report, error }: { busy: boolean; report?: LivenessReport; error: unknown }) {
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
