import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { ActivityContext } from './api/activity.ts';
import { ApiContext, createApi } from './api/api.ts';
import { type Session, savedSession, saveSession } from './api/session.ts';
import { LanguageContext, savedLanguage, saveLanguage } from './i18n/language.ts';
import { Compare } from './pages/compare.tsx';
import { Detect } from './pages/detect.tsx';
import { Enrol } from './pages/enrol.tsx';
import { Liveness } from './pages/liveness.tsx';
import { Overview } from './pages/overview.tsx';
import { People } from './pages/people.tsx';
import { Search } from './pages/search.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { Usage } from './pages/usage.tsx';
import { DeletionNote, Deletions, DeletionsContext } from './people/deletions.tsx';
import { type PageName, useRoute } from './shell/route.ts';
import { Shell } from './shell/shell.tsx';

const pages: Readonly<Record<PageName, (props: { argument: string }) => preact.JSX.Element>> = {
  overview: Overview,
  search: Search,
  people: People,
  enrol: Enrol,
  compare: Compare,
  detect: Detect,
  liveness: Liveness,
  usage: Usage,
};

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
  const activity = useContext(ActivityContext);
  const api = useMemo(() => createApi(session, activity, onSignOut), [session]);
  const { page, argument } = useRoute();
  const deletions = useMemo(() => new Deletions(api), [api]);
  const Page = pages[page];
  return (
    <ApiContext.Provider value={api}>
      <DeletionsContext.Provider value={deletions}>
        <Page key={`${page}/${argument}`} argument={argument} />
        <DeletionNote />
      </DeletionsContext.Provider>
    </ApiContext.Provider>
  );
}
