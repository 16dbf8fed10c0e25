import { useMemo } from 'preact/hooks';
import { useText } from '../i18n/language.ts';
import { useObjectUrl } from '../photos/use-object-url.ts';
import type { ActionCode } from '../recording/challenge.ts';
import { useActions } from './actions.ts';
import { Notice } from './notice.tsx';

/** The answer of `live-detect`. */
export interface Verdict {
  readonly 'video-result': {
    readonly alive: boolean;
    readonly actions: readonly { readonly action: ActionCode; readonly confidence: number }[];
    /** A JPEG in Base64, or empty. */
    readonly picture: string;
  };
  readonly 'warning-list': readonly { readonly warningCode: number; readonly warningMsg: string }[];
}

export function LivenessVerdict({ verdict }: { verdict: Verdict }) {
  const t = useText();
  const names = useActions();
  const { alive, actions, picture } = verdict['video-result'];
  return (
    <section class="card" aria-label={t('Verdict')}>
      <Notice kind={alive ? 'good' : 'bad'}>
        {alive ? t('A live person who did what was asked') : t('Not shown to be a live person')}
      </Notice>
      <div class="columns even">
        <div>
          {actions.map(({ action, confidence }, index) => (
            <label key={index}>
              {names[action].name}: {confidence.toFixed(2)}
              <meter min={0} max={1} low={0.5} high={0.5} optimum={1} value={confidence} />
            </label>
          ))}
          <ul>
            {verdict['warning-list'].map(({ warningCode, warningMsg }) => (
              <li key={warningCode}>
                {warningCode}:{' '}
                {sentencesOf(warningMsg)
                  .map((sentence) => t(sentence))
                  .join(' ')}
              </li>
            ))}
          </ul>
        </div>
        {picture !== '' && <Picture base64={picture} />}
      </div>
    </section>
  );
}

/** What is wrong and what to do about it: each sentence is translated for itself. */
const sentencesOf = (message: string) => message.split(/(?<=\.) /);

function Picture({ base64 }: { base64: string }) {
  const t = useText();
  const file = useMemo(() => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new File([bytes], 'picture.jpg', { type: 'image/jpeg' });
  }, [base64]);
  return <img class="best" src={useObjectUrl(file)} alt={t('The best frame of the video')} />;
}
