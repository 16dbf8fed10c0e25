import { useMemo } from 'preact/hooks';
import type { LivenessReport } from '../api/live-report.ts';
import { useText } from '../i18n/language.ts';
import { useObjectUrl } from '../photos/use-object-url.ts';
import { jpegFile } from '../pictures/jpeg-file.ts';
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
  readonly 'warning-list': readonly {
    readonly warningCode: number;
    readonly warningMsg: string;
    readonly advice?: string;
  }[];
}

/** @param report what the local server saw: it names every refusal, the warnings only some */
export function LivenessVerdict({ verdict, report }: { verdict: Verdict; report?: LivenessReport }) {
  const t = useText();
  const whatToDo = useWhatToDo();
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
                {warningCode}: {t(warningMsg)}
              </li>
            ))}
          </ul>
          {!alive && (
            <>
              <h2>{t('What to do')}</h2>
              <ul class="to-do">
                {whatToDo(verdict, report).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </>
          )}
        </div>
        {picture !== '' && <Picture base64={picture} />}
      </div>
    </section>
  );
}

/** Each sentence is translated for itself. */
const sentencesOf = (text: string) => text.split(/(?<=\.) /);

function Picture({ base64 }: { base64: string }) {
  const t = useText();
  const file = useMemo(() => jpegFile(base64, 'picture.jpg'), [base64]);
  return <img class="best" src={useObjectUrl(file)} alt={t('The best frame of the video')} />;
}

/** In the order in which a person should mend it, each said once. */
function useWhatToDo(): (verdict: Verdict, report: LivenessReport | undefined) => readonly string[] {
  const t = useText();
  const ofWarnings: Readonly<Record<number, string>> = {
    1: t('Look straight at the camera before and after each movement.'),
    2: t('Record for a second at least.'),
    3: t('Record for 15 seconds at most.'),
    4: t('Only one person may be in the picture.'),
    5: t('Hold your face into the middle of the picture, in the light.'),
    6: t('Make each movement larger, and come back to rest after it.'),
    7: t('Look straight at the camera in even light, nothing before your face.'),
    8: t('Look at the camera for a moment at the beginning, and hold still.'),
  };
  return (verdict, report) => {
    const advice = report
      ? report.judgement.refusals.map((refusal) => refusal.advice)
      : verdict['warning-list'].map(({ advice = '' }) => advice);
    const sentences = new Set(advice.flatMap(sentencesOf).filter((sentence) => sentence !== ''));
    if (sentences.size > 0) return [...sentences].map((sentence) => t(sentence));
    const told = verdict['warning-list'].flatMap(({ warningCode }) => ofWarnings[warningCode] ?? []);
    return told.length > 0 ? told : [t('Record again in even light, and follow each prompt in its time.')];
  };
}
