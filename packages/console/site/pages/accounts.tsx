import { useCallback, useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { DomainReport, DomainRow } from '../api/operator.ts';
import { Busy, Empty, Failure } from '../components/notice.tsx';
import { scrollable } from '../components/scrollable.ts';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { commandsOf } from '../operator/commands.ts';
import { KeysCard, ProjectsCard, type Send, TokensCard, UsersCard } from '../operator/domain-cards.tsx';
import { NewAccount } from '../operator/new-account.tsx';
import { Refusal } from '../operator/refusal.tsx';
import { ShownOnce } from '../operator/shown-once.tsx';
import { PageHead } from '../shell/page-head.tsx';

/** The operator's accounts, a domain at a time: `#/accounts/acme`. */
export function Accounts({ argument }: { argument: string }) {
  const t = useText();
  const api = useApi();
  const load = useAsync(
    useCallback(async () => {
      const { domains } = await api.ask<{ domains: readonly DomainRow[] }>({
        method: 'GET',
        path: 'console/operator/domains',
      });
      const wanted = argument === '' ? domains[0] : domains.find(({ name }) => name === argument);
      const read = (id: string) =>
        api.ask<DomainReport>({ method: 'GET', path: `console/operator/domains/${encodeURIComponent(id)}` });
      return { domains, domain: wanted && (await read(wanted.id)) };
    }, [api, argument]),
  );
  useEffect(() => void load.start(undefined), [load.start]);
  /** Kept while it is read anew, so that the page and the keyboard's place on it stay. */
  const [shown, setShown] = useState(load.result);
  useEffect(() => load.result && setShown(load.result), [load.result]);
  const { domains, domain } = shown ?? {};
  const change = useAsync(
    useCallback(
      async ({ name, given }: { name: string; given: object }) => {
        const answer = await api.ask<Readonly<Record<string, unknown>>>({
          method: 'POST',
          path: `console/operator/${name}`,
          json: given,
        });
        await load.start(undefined);
        return secretsOf(answer, given);
      },
      [api, load.start],
    ),
  );
  const send: Send = (name, given) => void change.start({ name, given });
  const secrets = change.result ?? {};
  return (
    <>
      <PageHead
        title={t('Accounts')}
        lead={t('Users, keys, quotas and tokens of every domain. Only operators see this page.')}
      />
      <div class="stack">
        <Refusal error={load.error} onRetry={() => void load.start(undefined)} />
        <Failure error={change.error} />
        {Object.keys(secrets).length > 0 && <ShownOnce secrets={secrets} />}
        {load.busy && !domains && <Busy />}
        {domains && (
          <>
            <NewAccount busy={change.busy} onCreate={(names) => send('account-create', names)} />
            {domains.length > 1 && (
              <label>
                {t('Domain')}
                <select
                  value={domain?.name ?? argument}
                  onChange={(e) =>
                    (location.hash = `#/accounts/${encodeURIComponent(e.currentTarget.value)}`)
                  }
                >
                  {domains.map(({ id, name }) => (
                    <option key={id}>{name}</option>
                  ))}
                </select>
              </label>
            )}
            {!domain && !load.busy && <Empty title={t('There is no domain {}.', argument)} />}
          </>
        )}
        {domain && <Domain domain={domain} send={send} />}
      </div>
    </>
  );
}

function Domain({ domain, send }: { domain: DomainReport; send: Send }) {
  const t = useText();
  return (
    <section class="stack" aria-label={domain.name}>
      <UsersCard domain={domain} send={send} />
      <KeysCard domain={domain} send={send} />
      <ProjectsCard domain={domain} send={send} />
      <TokensCard domain={domain} send={send} />
      <details class="code-of-call">
        <summary>{t('The same as commands')}</summary>
        <pre {...scrollable}>{commandsOf(domain).join('\n')}</pre>
      </details>
    </section>
  );
}

/** What of an answer is shown this once, by the names that the environment of a client has. */
function secretsOf(answer: Readonly<Record<string, unknown>>, given: object): Record<string, string> {
  const names = { projectId: 'FRS_PROJECT_ID', password: 'FRS_PASSWORD', ak: 'FRS_AK', sk: 'FRS_SK' };
  const { domain, user, name } = given as { domain?: string; user?: string; name?: string };
  const secrets = Object.entries(names).flatMap(([field, variable]) =>
    typeof answer[field] === 'string' ? [[variable, answer[field]] as const] : [],
  );
  if (secrets.length === 0) return {};
  return {
    ...(domain !== undefined && { FRS_DOMAIN: domain }),
    ...((user ?? name) !== undefined && { FRS_USER: (user ?? name) as string }),
    ...Object.fromEntries(secrets),
  };
}
