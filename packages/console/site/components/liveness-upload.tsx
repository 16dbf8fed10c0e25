import { useState } from 'preact/hooks';
import { useText } from '../i18n/language.ts';
import type { ActionCode } from '../recording/challenge.ts';
import { useActions } from './actions.ts';
import type { Recording } from './liveness-recorder.tsx';

/** The contract's limit. */
const mostActions = 10;

/** A video from a file, with the actions that it is said to show. */
export function LivenessUpload({ onRecorded }: { onRecorded: (recording: Recording) => void }) {
  const t = useText();
  const names = useActions();
  const [video, setVideo] = useState<File>();
  const [actions, setActions] = useState<readonly ActionCode[]>([1]);
  const [windows, setWindows] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (video) onRecorded({ video, actions: actions.join(','), ...(windows !== '' && { windows }) });
  };
  const choose = (index: number, action: ActionCode) =>
    setActions(actions.map((one, at) => (at === index ? action : one)));
  return (
    <form class="card" onSubmit={submit}>
      <label>
        {t('Video')}
        <input
          type="file"
          required
          accept="video/*,.mkv,.flv,.asf,.wmv"
          onChange={(e) => setVideo(e.currentTarget.files?.[0])}
        />
      </label>
      <fieldset>
        <legend>{t('Actions in their order')}</legend>
        <div class="row">
          {actions.map((action, index) => (
            <select
              key={index}
              aria-label={t('Action {}', index + 1)}
              value={action}
              onChange={(e) => choose(index, Number(e.currentTarget.value) as ActionCode)}
            >
              {Object.entries(names).map(([code, { name }]) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          ))}
          <button
            type="button"
            class="secondary"
            disabled={actions.length >= mostActions}
            onClick={() => setActions([...actions, 1])}
          >
            {t('Add an action')}
          </button>
          <button
            type="button"
            class="secondary"
            disabled={actions.length === 1}
            onClick={() => setActions(actions.slice(0, -1))}
          >
            {t('Remove')}
          </button>
        </div>
        <label>
          {t('Their times in milliseconds, if known: 1000-3000,4000-7000')}
          <input class="code" value={windows} onInput={(e) => setWindows(e.currentTarget.value.trim())} />
        </label>
      </fieldset>
      <button type="submit" disabled={!video}>
        {t('Check')}
      </button>
    </form>
  );
}
