import { useCallback, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import { readLiveReport } from '../api/live-report.ts';
import type { ApiRequest } from '../api/request.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { LivenessFailure } from '../components/liveness-failure.tsx';
import { LivenessPlayback } from '../components/liveness-playback.tsx';
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
  const [last, setLast] = useState<Recording>();
  const curves = useAsync(
    useCallback((form: Readonly<Record<string, string | File>>) => readLiveReport(api.session, form), [api]),
  );
  const check = useAsync(
    useCallback(
      async (recording: Recording) => {
        const { video, actions, windows, challengeId } = recording;
        curves.clear();
        setLast(recording);
        const given = { video_file: video, ...(windows !== undefined && { action_time: windows }) };
        const asked = challengeId === undefined ? { actions } : { challenge_id: challengeId };
        const form = { ...given, ...asked, advice: 'true' };
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
        <LivenessFailure error={check.error} {...(last && { onAgain: () => void check.start(last) })} />
        {check.result && (
          <>
            <LivenessVerdict verdict={check.result.body} {...(curves.result && { report: curves.result })} />
            <Failure error={curves.error} />
            {last && curves.result && <LivenessPlayback video={last.video} report={curves.result} />}
            {!curves.busy && curves.error === undefined && curves.result === undefined && (
              <p class="hint">{t('Only the local server draws curves of the movements.')}</p>
            )}
          </>
        )}
      </div>
      <CodeOfCall request={example} entry={check.result} />
    </>
  );
}
