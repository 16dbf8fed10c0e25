import { useEffect, useState } from 'preact/hooks';
import { useText } from '../i18n/language.ts';

/** How long it is said that something was copied. */
const saidMs = 3000;

type Outcome = 'copied' | 'refused';

/** Copies a text, and says whether it did: without HTTPS browsers offer pages no clipboard, and users may refuse it. */
export function CopyButton({ text }: { text: string }) {
  const t = useText();
  const [outcome, setOutcome] = useState<Outcome>();
  // What was said of one text is not true of the next.
  useEffect(() => setOutcome(undefined), [text]);
  useEffect(() => {
    if (outcome !== 'copied') return;
    const timer = setTimeout(() => setOutcome(undefined), saidMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      setOutcome('refused');
    }
  };
  return (
    <>
      <button type="button" class="secondary" onClick={() => void copy()}>
        {t('Copy')}
      </button>
      <span role="status" class="hint">
        {outcome === 'copied' && t('Copied')}
        {outcome === 'refused' && t('The browser did not let it be copied: select the text.')}
      </span>
    </>
  );
}
