import { useEffect, useMemo, useState } from 'preact/hooks';
import { ApiContext, createApi } from './api/api.ts';
import { type Session, savedSession, saveSession } from './api/session.ts';
import { LanguageContext, savedLanguage, saveLanguage, useText } from './i18n/language.ts';
import { Compare } from './pages/compare.tsx';
import { Detect } from './pages/detect.tsx';
import { FaceSets } from './pages/face-sets.tsx';
import { Liveness } from './pages/liveness.tsx';
import { Search } from './pages/search.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { Usage } from './pages/usage.tsx';

const pages = {
  detect: { title: 'Detect', Page: Detect },
  compare: { title: 'Compare', Page: Compare },
  sets: { title: 'Face sets', Page: FaceSets },
  search: { title: 'Search', Page: Search },
  liveness: { title: 'Liveness', Page: Liveness },
  usage: { title: 'Usage', Page: Usage },
} as const;
type PageName = keyof typeof pages;

/** `#/sets/employees`: the page, and what it shows. */
function route(): { page: PageName; argument: string } {
  const [page = '', argument = ''] = location.hash.replace(/^#\//, '').split('/');
  return { page: page in pages ? (page as PageName) : 'detect', argument: decodeURIComponent(argument) };
}

export function App() {
  const [session, setSession] = useState(savedSession);
  const [language, setLanguage] = useState(savedLanguage);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    saveLanguage(language);
  }, [language]);
  const change = (next: Session | undefined) => {
    saveSession(next);
    setSession(next);
  };
  return (
    <LanguageContext.Provider value={language}>
      <Shell
        session={session}
        onSignOut={() => change(undefined)}
        onLanguage={() => setLanguage(language === 'en' ? 'zh' : 'en')}
      >
        {session ? (
          <SignedIn session={session} onSignOut={() => change(undefined)} />
        ) : (
          <SignInPage onDone={change} />
        )}
      </Shell>
    </LanguageContext.Provider>
  );
}

function SignedIn({ session, onSignOut }: { session: Session; onSignOut: () => void }) {
  const api = useMemo(() => createApi(session, onSignOut), [session]);
  const { page, argument } = useRoute();
  const { Page } = pages[page];
  return (
    <ApiContext.Provider value={api}>
      <Page key={`${page}/${argument}`} argument={argument} />
    </ApiContext.Provider>
  );
}

function useRoute() {
  const [current, setCurrent] = useState(route);
  useEffect(() => {
    // The link to the content has a hash too, which names no page.
    const moved = () => location.hash !== '#main' && setCurrent(route());
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return current;
}

function Shell(props: {
  session: Session | undefined;
  onSignOut: () => void;
  onLanguage: () => void;
  children: preact.ComponentChildren;
}) {
  const t = useText();
  const { page } = useRoute();
  return (
    <>
      <a class="skip" href="#main">
        {t('Skip to the content')}
      </a>
      <header>
        <strong class="brand">openfrs</strong>
        {props.session && (
          <nav aria-label={t('Pages')}>
            {Object.entries(pages).map(([name, { title }]) => (
              <a key={name} href={`#/${name}`} aria-current={name === page ? 'page' : undefined}>
                {t(title)}
              </a>
            ))}
          </nav>
        )}
        <div class="tools">
          <a href="docs">{t('API')}</a>
          <button type="button" class="plain" onClick={props.onLanguage}>
            {t('中文')}
          </button>
          {props.session && (
            <button type="button" class="plain" onClick={props.onSignOut} title={props.session.user}>
              {t('Sign out')}
            </button>
          )}
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {props.children}
      </main>
    </>
  );
}
