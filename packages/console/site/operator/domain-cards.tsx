import { useState } from 'preact/hooks';
import type { DomainReport } from '../api/operator.ts';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { useText } from '../i18n/language.ts';
import { QuotasDialog } from './quotas-dialog.tsx';
import { CardTable } from './table.tsx';

/** Sends one change, by the end of its path. */
export type Send = (change: string, given: object) => void;

interface Cards {
  readonly domain: DomainReport;
  readonly send: Send;
}

/** The users of a domain: new keys and passwords, disabled and enabled. */
export function UsersCard({ domain, send }: Cards) {
  const t = useText();
  const create = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    send('user-create', { domainId: domain.id, name: String(new FormData(form).get('name')).trim() });
    form.reset();
  };
  const rows = domain.users.map(({ id, name, enabled, isOperator }) => ({
    key: id,
    cells: [
      name,
      enabled ? t('enabled') : t('disabled'),
      isOperator ? t('operator') : t('none'),
      <div class="row middle">
        <button
          type="button"
          class="secondary"
          aria-label={t('New key for {}', name)}
          onClick={() => send('key-create', { userId: id })}
        >
          {t('New key')}
        </button>
        {/* Operators are changed with the command line only. */}
        {!isOperator && (
          <>
            <EnableButton
              name={name}
              enabled={enabled}
              onChange={(next) => send('user-enable', { userId: id, enabled: next })}
            />
            <ConfirmButton
              label={t('New password')}
              question={t('A new password for {}? It ends the sessions of the old one.', name)}
              onConfirm={() => send('user-password', { userId: id })}
            />
          </>
        )}
      </div>,
    ],
  }));
  return (
    <CardTable title={t('Users')} columns={[t('User'), t('State'), t('Right'), t('Manage')]} rows={rows}>
      <form class="row" onSubmit={create}>
        <label>
          {t('Name of the user')}
          <input name="name" required maxLength={64} autocomplete="off" />
        </label>
        <button type="submit">{t('New user')}</button>
      </form>
    </CardTable>
  );
}

/** The access keys of all users of a domain. */
export function KeysCard({ domain, send }: Cards) {
  const t = useText();
  const rows = domain.keys.map(({ ak, userId, enabled }) => ({
    key: ak,
    cells: [
      <code>{ak}</code>,
      nameOf(domain.users, userId),
      enabled ? t('enabled') : t('disabled'),
      <div class="row middle">
        <EnableButton
          name={ak}
          enabled={enabled}
          onChange={(next) => send('key-enable', { ak, enabled: next })}
        />
        <ConfirmButton
          label={t('Delete')}
          question={t('Delete the key {}? Programs that use it stop working.', ak)}
          onConfirm={() => send('key-delete', { ak })}
        />
      </div>,
    ],
  }));
  const columns = [t('Access key (AK)'), t('User'), t('State'), t('Manage')];
  return <CardTable title={t('Access keys')} columns={columns} rows={rows} />;
}

/** The projects of a domain with their quotas and what they were asked in the last hour. */
export function ProjectsCard({ domain, send }: Cards) {
  const t = useText();
  const [edited, setEdited] = useState<DomainReport['projects'][number]>();
  const rows = domain.projects.map((project) => {
    const { id, name, enabled, frozen, quotas, requests, errors } = project;
    const limit = quotas.requestsPerMinute;
    return {
      key: id,
      cells: [
        <>
          {name}
          <p class="hint">{id}</p>
        </>,
        frozen ? t('frozen') : enabled ? t('enabled') : t('disabled'),
        quotas.faceSets.toLocaleString(),
        quotas.faceSetCapacity.toLocaleString(),
        limit === 0 ? t('unlimited') : limit.toLocaleString(),
        t('{} ({} errors)', requests.toLocaleString(), errors.toLocaleString()),
        <div class="row middle">
          <button
            type="button"
            class="secondary"
            aria-label={t('Quotas of {}', name)}
            onClick={() => setEdited(project)}
          >
            {t('Quotas')}
          </button>
          <button
            type="button"
            class="secondary"
            aria-label={frozen ? t('Unfreeze {}', name) : t('Freeze {}', name)}
            onClick={() => send('project-change', { projectId: id, frozen: !frozen })}
          >
            {frozen ? t('Unfreeze') : t('Freeze')}
          </button>
        </div>,
      ],
    };
  });
  const columns = [
    t('Project (region)'),
    t('State'),
    t('Face sets'),
    t('Faces of a set'),
    t('Requests a minute and operation'),
    t('Requests of the last hour'),
    t('Manage'),
  ];
  return (
    <CardTable title={t('Projects and quotas')} columns={columns} rows={rows}>
      {edited && (
        <QuotasDialog
          project={edited}
          limits={domain.quotaLimits}
          onSave={(quotas) => send('project-change', { projectId: edited.id, quotas })}
          onClose={() => setEdited(undefined)}
        />
      )}
    </CardTable>
  );
}

/** The API tokens of all users of a domain, to be revoked. */
export function TokensCard({ domain, send }: Cards) {
  const t = useText();
  const rows = domain.tokens.map((token) => ({
    key: token.id,
    cells: [
      <>
        {token.name}
        <p class="hint">{token.id}</p>
      </>,
      nameOf(domain.users, token.userId),
      nameOf(domain.projects, token.projectId),
      token.readOnly ? t('read only') : t('read and write'),
      token.faceSets?.join(', ') ?? t('all'),
      day(token.expiresAt),
      token.lastUse ? new Date(token.lastUse).toLocaleString() : t('never'),
      <ConfirmButton
        label={t('Revoke')}
        question={t('Revoke the token {}? Programs that use it stop working.', token.name)}
        onConfirm={() => send('token-revoke', { id: token.id })}
      />,
    ],
  }));
  const columns = [
    t('Token'),
    t('User'),
    t('Project (region)'),
    t('Access'),
    t('Face sets'),
    t('Ends'),
    t('Last use'),
    t('Manage'),
  ];
  return (
    <CardTable title={t('API tokens')} columns={columns} rows={rows}>
      <p class="hint">{t('API tokens are made with npx openfrs token create.')}</p>
    </CardTable>
  );
}

function EnableButton(props: { name: string; enabled: boolean; onChange: (enabled: boolean) => void }) {
  const t = useText();
  const { name, enabled, onChange } = props;
  return (
    <button
      type="button"
      class="secondary"
      aria-label={enabled ? t('Disable {}', name) : t('Enable {}', name)}
      onClick={() => onChange(!enabled)}
    >
      {enabled ? t('Disable') : t('Enable')}
    </button>
  );
}

const nameOf = (rows: readonly { readonly id: string; readonly name: string }[], id: string) =>
  rows.find((row) => row.id === id)?.name ?? id;
const day = (time: string) => new Date(time).toLocaleDateString();
