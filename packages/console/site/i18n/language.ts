import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { chinese } from './zh.ts';

export type Language = 'en' | 'zh';

export const LanguageContext = createContext<Language>('en');

const key = 'openfrs.language';

export function savedLanguage(): Language {
  const saved = localStorage.getItem(key);
  if (saved === 'en' || saved === 'zh') return saved;
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

export function saveLanguage(language: Language): void {
  localStorage.setItem(key, language);
}

/** The English text is the key of its translation; `{}` takes the values in turn. */
export function useText(): (english: string, ...values: readonly (string | number)[]) => string {
  const language = useContext(LanguageContext);
  return (english, ...values) => {
    let next = 0;
    const text = language === 'zh' ? (chinese[english] ?? english) : english;
    return text.replace(/\{\}/g, () => String(values[next++] ?? ''));
  };
}
