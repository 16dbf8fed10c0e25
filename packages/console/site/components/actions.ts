import { useText } from '../i18n/language.ts';
import type { ActionCode } from '../recording/challenge.ts';

/** Names of the contract's actions, and what a person is asked to do: left and right are the person's own. */
export function useActions(): Readonly<Record<ActionCode, { name: string; prompt: string }>> {
  const t = useText();
  return {
    1: { name: t('turn left'), prompt: t('Turn your head to your left and back') },
    2: { name: t('turn right'), prompt: t('Turn your head to your right and back') },
    3: { name: t('nod'), prompt: t('Nod') },
    4: { name: t('open the mouth'), prompt: t('Open your mouth and close it') },
    5: { name: t('blink'), prompt: t('Blink') },
  };
}
