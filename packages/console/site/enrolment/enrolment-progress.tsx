import { useText } from '../i18n/language.ts';
import type { Progress } from './enrolment-run.ts';

/** How far it is, how fast, and how long it will take; with the means to rest and to end it. */
export function EnrolmentProgress(props: {
  progress: Progress;
  onPause: () => void;
  onResume: () => void;
  onStop: () => void;
}) {
  const t = useText();
  const { what, done, all, elapsedMs, paused } = props.progress;
  const label =
    what === 'checking' ? t('Checking: {} of {}', done, all) : t('Enrolling: {} of {}', done, all);
  const secondsLeft = done === 0 ? undefined : ((elapsedMs / done) * (all - done)) / 1000;
  return (
    <div class="stack">
      <label>
        {label}
        {paused && ` · ${t('paused')}`}
        {!paused && secondsLeft !== undefined && (
          <span class="hint">
            {t(
              '{} a second, about {} s left',
              ((done / elapsedMs) * 1000).toFixed(1),
              Math.ceil(secondsLeft),
            )}
          </span>
        )}
        <progress max={all} value={done} />
      </label>
      <div class="row">
        {paused ? (
          <button type="button" onClick={props.onResume}>
            {t('Resume')}
          </button>
        ) : (
          <button type="button" class="secondary" onClick={props.onPause}>
            {t('Pause')}
          </button>
        )}
        <button type="button" class="danger" onClick={props.onStop}>
          {t('Stop')}
        </button>
      </div>
    </div>
  );
}
