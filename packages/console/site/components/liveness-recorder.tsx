import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { type Api, useApi } from '../api/api.ts';
import { LanguageContext, useText } from '../i18n/language.ts';
import {
  type ActionCode,
  drawActions,
  lengthOf,
  type Step,
  stepsOf,
  windowsText,
} from '../recording/challenge.ts';
import { pause, record } from '../recording/record.ts';
import { useActions } from './actions.ts';
import { Failure } from './notice.tsx';
import { speak } from './speech.ts';
import { useCamera } from './use-camera.ts';

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

/** Records the webcam while it asks for actions, each in its own time. */
export function LivenessRecorder({ onRecorded }: { onRecorded: (recording: Recording) => void }) {
  const t = useText();
  const language = useContext(LanguageContext);
  const actions = useActions();
  const video = useRef<HTMLVideoElement>(null);
  const { stream, problem } = useCamera(video);
  const [drawing, setDrawing] = useState<Drawing>('service');
  const api = useApi();
  const [aloud, setAloud] = useState(true);
  const [prompt, setPrompt] = useState<string>();
  const [share, setShare] = useState(0);
  const [error, setError] = useState<unknown>();
  const leaving = useRef<AbortController>(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);

  const ask = (text: string) => {
    setPrompt(text);
    if (aloud) speak(text, language);
  };
  const promptAt = (steps: readonly Step[], ms: number) => {
    const step = steps.find(({ from, to }) => from <= ms && ms < to);
    return step ? actions[step.action].prompt : t('Look at the camera');
  };
  const run = async (camera: MediaStream) => {
    const { signal } = leaving.current;
    setError(undefined);
    ask(t('Look at the camera'));
    for (let left = countdownSeconds; left > 0; left--) {
      setPrompt(`${t('Look at the camera')}: ${left}`);
      await pause(1000, signal);
    }
    // Only now: a challenge is good for a short time.
    const { actions: drawn, challengeId } = await draw(api, drawing);
    const steps = stepsOf(drawn);
    const length = lengthOf(steps);
    let asked = t('Look at the camera');
    setPrompt(asked);
    const onTime = (ms: number) => {
      setShare(Math.min(1, ms / length));
      const next = promptAt(steps, ms);
      if (next !== asked) ask(next);
      asked = next;
    };
    const recorded = await record(camera, length, onTime, signal);
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
      setError(failure);
    }
    setPrompt(undefined);
    setShare(0);
  };
  return (
    <section class="card" aria-label={t('Record')}>
      {problem !== undefined && <Failure error={new Error(problem)} />}
      <div class="camera">
        <video ref={video} class="mirrored" autoplay muted playsInline aria-label={t('Camera')} />
        <p class="prompt" aria-live="assertive">
          {prompt}
        </p>
        <progress max={1} value={share} aria-label={t('Recorded so far')} />
      </div>
      <Failure error={error} />
      <div class="row">
        <label>
          {t('Actions')}
          <select
            value={drawing}
            disabled={prompt !== undefined}
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
        <label class="check">
          <input type="checkbox" checked={aloud} onChange={(e) => setAloud(e.currentTarget.checked)} />
          {t('Say the prompts aloud')}
        </label>
        <button type="button" disabled={!stream || prompt !== undefined} onClick={() => void start()}>
          {t('Record')}
        </button>
      </div>
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
