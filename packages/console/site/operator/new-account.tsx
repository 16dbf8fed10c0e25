import { useText } from '../i18n/language.ts';

export interface NewAccountNames {
  readonly domain: string;
  readonly user: string;
  readonly project: string;
}

/** A whole account: what somebody needs who is to work with the service. */
export function NewAccount(props: { busy: boolean; onCreate: (names: NewAccountNames) => void }) {
  const t = useText();
  const submit = (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    props.onCreate({ domain: text('domain'), user: text('user'), project: text('project') });
  };
  return (
    <details>
      <summary>{t('New account')}</summary>
      <form class="card" onSubmit={submit}>
        <p class="hint">{t('A domain with its first user, project and access key.')}</p>
        <label>
          {t('Domain')}
          <input name="domain" required maxLength={64} autocomplete="off" />
        </label>
        <label>
          {t('User')}
          <input name="user" required maxLength={64} autocomplete="off" />
        </label>
        <label>
          {t('Project (region)')}
          <input name="project" required maxLength={64} autocomplete="off" defaultValue="cn-north-4" />
        </label>
        <button type="submit" disabled={props.busy}>
          {t('Create')}
        </button>
      </form>
    </details>
  );
}
