import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../api/session.ts';
import { useText } from '../i18n/language.ts';
import { Icon } from './icons.tsx';
import { operatorPages, type PageName, pageNames, useRoute } from './route.ts';

/** The names of the pages, as the menu and their headings have them. */
function usePageTitles(): Readonly<Record<PageName, string>> {
  const t = useText();
  return {
    overview: t('Overview'),
    search: t('Search'),
    people: t('People'),
    enrol: t('Enrol'),
    compare: t('Compare'),
    detect: t('Detect'),
    liveness: t('Liveness'),
    usage: t('Usage'),
    accounts: t('Accounts'),
    service: t('Service'),
  };
}

/** What is around every page: the menu, the language, and the way out. */
export function Shell(props: {
  session: Session | undefined;
  onSignOut: () => void;
  onLanguage: () => void;
  children: ComponentChildren;
}) {
  const t = useText();
  const { page, argument } = useRoute();
  const titles = usePageTitles();
  const [open, setOpen] = useState(false);
  const { session } = props;
  useEffect(() => {
    setOpen(false);
    const title = session ? [argument, titles[page]].filter(Boolean).join(' – ') : t('Sign in');
    document.title = `${title} – openfrs`;
  }, [page, argument, session, t('Sign in')]);
  const folded = open ? '' : ' closed';
  return (
    <div class={session ? 'shell signed-in' : 'shell signed-out'}>
      <a class="skip" href="#main">
        {t('Skip to the content')}
      </a>
      <header>
        <a class="brand" href="#/overview">
          <img src="./icon.svg" alt="" />
          openfrs
        </a>
        {session && (
          <button type="button" class="menu secondary" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('Menu')}
          </button>
        )}
        {session && (
          <nav class={`pages${folded}`} aria-label={t('Pages')}>
            {pageNames
              .filter((name) => session.isOperator || !operatorPages.has(name))
              .map((name) => (
                <a
                  key={name}
                  href={`#/${name}`}
                  aria-current={name === page ? 'page' : undefined}
                  onClick={() => setOpen(false)}
                >
                  <Icon page={name} />
                  {titles[name]}
                </a>
              ))}
          </nav>
        )}
        <div class={session ? `tools${folded}` : 'tools'}>
          <a href="docs">{t('API')}</a>
          <button type="button" onClick={props.onLanguage}>
            {t('中文')}
          </button>
          {session && (
            <>
              <button type="button" onClick={props.onSignOut}>
                {t('Sign out')}
              </button>
              <span class="who">
                {session.user} · {session.projectName}
              </span>
            </>
          )}
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {props.children}
      </main>
    </div>
  );
}
