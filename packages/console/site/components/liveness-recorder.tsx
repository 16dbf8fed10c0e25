import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { type Api, useApi } from '../api/api.ts';
import { LanguageContext, useText } from '../i18n/language.ts';
import {
  type ActionCode,
  drawActions,
  lengthOf,
  type Step,
  stepAt,
  stepsOf,
  windowsText,
} from '../recording/challenge.ts';
import { pause, RecordingError, record } from '../recording/record.ts';
import { useActions } from './actions.ts';
import { LivenessFailure } from './liveness-failure.tsx';
import { Failure } from './notice.tsx';
import { RecorderStage } from './recorder-stage.tsx';
import { speak } from './speech.ts';
import { useCamera } from './use-camera.ts';
import { useHint } from './use-hint.ts';

/** A video to judge, with the fields that go with it. */
export interface Recording {
  readonly video: File;
  readonly actions: string;
  readonly windows?: string;
  /** Of the service's challenge that drew the actions. */
  readonly challengeId?: string;
}

/** Who draws the actions: the service, by a challenge, or the page, so many. */
type Drawing = 'service' | number;

const mostActions = 3;
const countdownSeconds = 3;
/** What a phone on a slow line sends in a few seconds. */
const mostBytes = 2_000_000;

/** What is shown while it counts down and records. */
interface Shown {
  readonly prompt: string;
  readonly countdown?: number;
  readonly steps: readonly Step[];
  readonly current?: number | undefined;
  readonly share: number;
}

/** Leads a person through a recording: how to sit, then the actions of a challenge one by one, each in its own time. */
export function LivenessRecorder({ onRecorded }: { onRecorded: (recording: Recording) => void }) {
  const t = useText();
  const language = useContext(LanguageContext);
  const actions = useActions();
  const video = useRef<HTMLVideoElement>(null);
  const camera = useCamera(video);
  const { stream, problem } = camera;
  const [drawing, setDrawing] = useState<Drawing>('service');
  const api = useApi();
  const [aloud, setAloud] = useState(false);
  const [shown, setShown] = useState<Shown>();
  const [error, setError] = useState<unknown>();
  const hint = useHint(video, stream !== undefined && shown === undefined);
  const leaving = useRef<AbortController>(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);

  const reason = (failure: unknown): unknown => {
    if (!(failure instanceof RecordingError)) return failure;
    const texts = {
      unsupported: t('This browser does not record. Use a newer one, or check a video from a file.'),
      stopped: t('The browser stopped the recording. Record again.'),
      'camera gone': t('The camera went away while it recorded. Connect it, and record again.'),
      hidden: t('The page was hidden while it recorded. Keep it in front, and record again.'),
    };
    return new Error(texts[failure.kind]);
  };
  const run = async (from: MediaStream) => {
    const { signal } = leaving.current;
    setError(undefined);
    const rest = t('Look at the camera');
    const say = (text: string) => aloud && speak(text, language);
    say(rest);
    for (let countdown = countdownSeconds; countdown > 0; countdown--) {
      setShown({ prompt: rest, countdown, steps: [], share: 0 });
      await pause(1000, signal);
    }
    // Only now: a challenge is good for a short time.
    const { actions: drawn, challengeId } = await draw(api, drawing);
    const steps = stepsOf(drawn);
    const length = lengthOf(steps);
    let asked = rest;
    setShown({ prompt: rest, steps, share: 0 });
    const onTime = (ms: number) => {
      const at = stepAt(steps, ms);
      const step = at && steps[at.index];
      const prompt = step && !at.isOver ? actions[step.action].prompt : rest;
      setShown({
        ...{ prompt, steps, share: Math.min(1, ms / length) },
        ...(at && !at.isOver && { current: at.index }),
      });
      if (prompt !== asked) say(prompt);
      asked = prompt;
    };
    const recorded = await record(from, length, onTime, signal);
    if (recorded.size > mostBytes) throw new Error(t('The recording is larger than 2 MB.'));
    onRecorded({
      video: recorded,
      actions: drawn.join(','),
      windows: windowsText(steps),
      ...(challengeId !== undefined && { challengeId }),
    });
  };
  const start = async () => {
    if (stream === undefined) return;
    try {
      await run(stream);
    } catch (failure) {
      if (leaving.current.signal.aborted) return;
      setError(reason(failure));
    }
    setShown(undefined);
  };
  return (
    <section class="card" aria-label={t('Record')}>
      {problem !== undefined && <Failure error={new Error(problem)} onRetry={camera.retry} />}
      <RecorderStage
        video={video}
        prompt={shown?.prompt}
        countdown={shown?.countdown}
        steps={shown?.steps ?? []}
        current={shown?.current}
        share={shown?.share ?? 0}
        hint={hint}
      />
      <LivenessFailure error={error} />
      <div class="row">
        <button type="button" disabled={!stream || shown !== undefined} onClick={() => void start()}>
          {t('Record')}
        </button>
        <label>
          {t('Actions')}
          <select
            value={drawing}
            disabled={shown !== undefined}
            onChange={(e) =>
              setDrawing(e.currentTarget.value === 'service' ? 'service' : Number(e.currentTarget.value))
            }
          >
            <option value="service">{t('Drawn by the service')}</option>
            {Array.from({ length: mostActions }, (_, index) => (
              <option key={index}>{index + 1}</option>
            ))}
          </select>
        </label>
        {camera.devices.length > 1 && (
          <label>
            {t('Camera')}
            <select
              disabled={shown !== undefined}
              value={stream?.getVideoTracks()[0]?.getSettings().deviceId ?? ''}
              onChange={(e) => camera.choose(e.currentTarget.value)}
            >
              {camera.devices.map(({ deviceId, label }, index) => (
                <option key={deviceId} value={deviceId}>
                  {label || t('Camera {}', index + 1)}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="check">
          <input type="checkbox" checked={aloud} onChange={(e) => setAloud(e.currentTarget.checked)} />
          {t('Say the prompts aloud')}
        </label>
      </div>
      <p class="hint">
        {t(
          'Hints come from the picture itself. Where the browser finds no faces, a small picture goes to the service every two seconds, 20 at most while the camera is open, and is not kept.',
        )}
      </p>
    </section>
  );
}

/** @throws ApiError the service gives no challenge */
async function draw(
  api: Api,
  drawing: Drawing,
): Promise<{ readonly actions: readonly ActionCode[]; readonly challengeId?: string }> {
  if (drawing !== 'service') return { actions: drawActions(drawing) };
  const { body } = await api.call<{ readonly challenge_id: string; readonly actions: string }>({
    method: 'POST',
    path: 'live-detect/challenges',
  });
  const actions = body.actions.split(',').map((code) => Number(code) as ActionCode);
  return { actions, challengeId: body.challenge_id };
}
