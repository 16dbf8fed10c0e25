import { useState } from 'preact/hooks';
import { type Session, signIn } from '../api/session.ts';
import { Notice } from '../components/notice.tsx';
import { useText } from '../i18n/language.ts';

export function SignInPage({ onDone }: { onDone: (session: Session) => void }) {
  const t = useText();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '');
    setBusy(true);
    setError(undefined);
    try {
      onDone(
        await signIn({
          domain: text('domain'),
          user: text('user'),
          password: text('password'),
          project: text('project'),
        }),
      );
    } catch (failure) {
      setError((failure as Error).message);
      setBusy(false);
    }
  };
  return (
    <form class="card narrow" onSubmit={submit}>
      <h1>{t('Sign in')}</h1>
      <p class="hint">{t('On your own machine all four are in .data/credentials.env.')}</p>
      <label>
        {t('Domain')}
        <input name="domain" required autocomplete="organization" defaultValue="openfrs" />
      </label>
      <label>
        {t('User')}
        <input name="user" required autocomplete="username" defaultValue="developer" />
      </label>
      <label>
        {t('Password')}
        <input name="password" type="password" required autocomplete="current-password" />
      </label>
      <label>
        {t('Project (region)')}
        <input name="project" required defaultValue="cn-north-4" />
      </label>
      {error !== undefined && <Notice kind="bad">{error}</Notice>}
      <button type="submit" disabled={busy}>
        {t('Sign in')}
      </button>
    </form>
  );
}
