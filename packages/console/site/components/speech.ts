import type { Language } from '../i18n/language.ts';

/** Says a text with a voice of this machine, if it has one: other voices would send the text to their maker. */
export function speak(text: string, language: Language): void {
  if (!('speechSynthesis' in window)) return;
  const voice = speechSynthesis
    .getVoices()
    .find(({ localService, lang }) => localService && lang.startsWith(language));
  if (voice === undefined) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(utterance);
}
