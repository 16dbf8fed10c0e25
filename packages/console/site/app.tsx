import { useEffect, useMemo, useState } from 'preact/hooks';
import { ActivityContext } from './api/activity.ts';
import { ApiContext } from './api/api.ts';
import { type Session, savedSession, saveSession } from './api/session.ts';
import { EnrolmentsContext } from './enrolment/enrolment-run.ts';
import { EnrolmentLeaveGuard } from './enrolment/leave-guard.tsx';
import { LanguageContext, savedLanguage, saveLanguage } from './i18n/language.ts';
import { Accounts } from './pages/accounts.tsx';
import { Compare } from './pages/compare.tsx';
import { Detect } from './pages/detect.tsx';
import { Enrol } from './pages/enrol.tsx';
import { Liveness } from './pages/liveness.tsx';
import { Overview } from './pages/overview.tsx';
import { People } from './pages/people.tsx';
import { Search } from './pages/search.tsx';
import { Service } from './pages/service.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { Usage } from './pages/usage.tsx';
import { DeletionNote, DeletionsContext } from './people/deletions.tsx';
import { FacePhotosContext } from './pictures/face-photos.ts';
import { StoredCropsContext } from './pictures/stored-crops.ts';
import { type PageName, useRoute } from './shell/route.ts';
import { Shell } from './shell/shell.tsx';
import { signedInState } from './shell/signed-in-state.ts';

const pages: Readonly<Record<PageName, (props: { argument: string }) => preact.JSX.Element>> = {
  overview: Overview,
  search: Search,
  people: People,
  enrol: Enrol,
  compare: Compare,
  detect: Detect,
  liveness: Liveness,
  usage: Usage,
  accounts: Accounts,
  service: Service,
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
  const { api, activity, facePhotos, deletions, enrolments, crops } = useMemo(
    () => signedInState(session, onSignOut),
    [session],
  );
  const { page, argument } = useRoute();
  const Page = pages[page];
  return (
    <ApiContext.Provider value={api}>
      <ActivityContext.Provider value={activity}>
        <FacePhotosContext.Provider value={facePhotos}>
          <DeletionsContext.Provider value={deletions}>
            <EnrolmentsContext.Provider value={enrolments}>
              <StoredCropsContext.Provider value={crops}>
                <Page key={`${page}/${argument}`} argument={argument} />
                <DeletionNote />
                <EnrolmentLeaveGuard />
              </StoredCropsContext.Provider>
            </EnrolmentsContext.Provider>
          </DeletionsContext.Provider>
        </FacePhotosContext.Provider>
      </ActivityContext.Provider>
    </ApiContext.Provider>
  );
}
