import { useCallback, useEffect } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import { type AccountReport, readUsage } from '../api/usage.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { Busy, Failure } from '../components/notice.tsx';
import { Table } from '../components/table.tsx';
import { UsageChart } from '../components/usage-chart.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { readSets } from '../people/lookup.ts';
import { PageHead } from '../shell/page-head.tsx';

interface ServiceInfo {
  readonly subscribe_status: boolean;
  readonly create_time?: string;
}

type Subscription = { readonly max_face_set_number: number } & Readonly<Record<string, ServiceInfo | number>>;

const subscriptions: ApiRequest = { method: 'GET', path: 'subscribe', version: 'v1' };

export function Usage(_: { argument: string }) {
  const t = useText();
  const api = useApi();
  const load = useAsync(
    useCallback(async () => {
      const [subscription, sets, usage] = await Promise.all([
        api.call<Subscription>(subscriptions),
        readSets(api),
        readUsage(api.session.token),
      ]);
      return { subscription: subscription.body, sets: sets.body.face_sets_info, usage };
    }, [api]),
  );
  useEffect(() => void load.start(undefined), [load.start]);
  const { result } = load;
  const columns = [t('Operation'), t('Requests'), t('Errors'), t('Median (ms)'), t('p99 (ms)')];
  return (
    <>
      <PageHead
        title={t('Usage')}
        lead={t('What this project may do, and what it has done in the last hour.')}
      />
      <div class="stack">
        <Failure error={load.error} onRetry={() => void load.start(undefined)} />
        {load.busy && <Busy />}
        {result && (
          <>
            <section class="card">
              <h2>{t('Quotas and services')}</h2>
              <label>
                {t('{} of {} face sets', result.sets.length, result.subscription.max_face_set_number)}
                <progress max={result.subscription.max_face_set_number} value={result.sets.length} />
              </label>
              <dl class="figures">
                {Object.entries(result.subscription).flatMap(([name, service]) =>
                  typeof service === 'number'
                    ? []
                    : [
                        <dt key={name}>{t(name.replaceAll('_', ' '))}</dt>,
                        <dd key={`${name}=`}>
                          {service.subscribe_status
                            ? t('since {}', service.create_time ?? '')
                            : t('not subscribed')}
                        </dd>,
                      ],
                )}
              </dl>
              {result.usage && <Account account={result.usage} />}
              <p class="hint">
                {t('Keys, quotas and users are managed by operators: here, or with npx openfrs.')}
              </p>
            </section>
            {result.usage === undefined ? (
              <p class="hint">{t('This deployment keeps its metrics elsewhere (CloudWatch).')}</p>
            ) : (
              <section class="card">
                <h2>{t('Requests of the last hour')}</h2>
                <UsageChart minutes={result.usage.minutes} />
                <Table
                  label={t('Operations')}
                  columns={columns}
                  rows={result.usage.operations.map(({ operation, requests, errors, median, p99 }) => ({
                    key: operation,
                    cells: [operation, requests, errors, median, p99],
                  }))}
                />
              </section>
            )}
          </>
        )}
      </div>
      <CodeOfCall request={subscriptions} />
    </>
  );
}

function Account({ account: { keys, quotas } }: { account: AccountReport }) {
  const t = useText();
  return (
    <dl class="figures">
      <dt>{t('Faces of a set')}</dt>
      <dd>{quotas.faceSetCapacity.toLocaleString()}</dd>
      <dt>{t('Requests a minute and operation')}</dt>
      <dd>{quotas.requestsPerMinute === 0 ? t('unlimited') : quotas.requestsPerMinute.toLocaleString()}</dd>
      <dt>{t('Your access keys')}</dt>
      {keys.map(({ ak, enabled }) => (
        <dd key={ak}>
          <code>{ak}</code> {!enabled && t('disabled')}
        </dd>
      ))}
      {keys.length === 0 && <dd>{t('none')}</dd>}
    </dl>
  );
}
