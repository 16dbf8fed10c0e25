import { useCallback, useEffect } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import { readHealth } from '../api/health.ts';
import type { ServiceReport } from '../api/operator.ts';
import { HealthStatus } from '../components/health-status.tsx';
import { Busy } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { Refusal } from '../operator/refusal.tsx';
import { CardTable } from '../operator/table.tsx';
import { PageHead } from '../shell/page-head.tsx';

/** What the server says of itself to its operator: health, work, memory and settings. */
export function Service(_: { argument: string }) {
  const t = useText();
  const api = useApi();
  const load = useAsync(
    useCallback(async () => {
      const [report, health] = await Promise.all([
        api.ask<ServiceReport>({ method: 'GET', path: 'console/operator/service' }),
        readHealth(),
      ]);
      return { report, health };
    }, [api]),
  );
  useEffect(() => void load.start(undefined), [load.start]);
  const { result } = load;
  return (
    <>
      <PageHead
        title={t('Service')}
        lead={t('Health and settings of this server. Only operators see this page.')}
      />
      <div class="stack">
        {load.busy && <Busy />}
        <Refusal error={load.error} onRetry={() => void load.start(undefined)} />
        {result && (
          <>
            <section class="card">
              <h2>{t('Health')}</h2>
              <HealthStatus health={result.health} />
              <Figures report={result.report} />
            </section>
            <Settings report={result.report} />
          </>
        )}
      </div>
    </>
  );
}

function Figures({ report }: { report: ServiceReport }) {
  const t = useText();
  const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024).toLocaleString()} MB`;
  const rows = [
    [t('Version'), report.version],
    [t('Started'), new Date(report.startedAt).toLocaleString()],
    [t('Embedding model'), report.model],
    [t('Memory of the process'), megabytes(report.memory.process)],
    [t('Search indexes in it'), megabytes(report.memory.indexes)],
    [t('Pictures and videos under way'), t('{} ({} wait)', report.work.running, report.work.waiting)],
  ];
  return (
    <dl class="figures">
      {rows.flatMap(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}
    </dl>
  );
}

function Settings({ report: { settings } }: { report: ServiceReport }) {
  const t = useText();
  const isSet = ({ value }: { value?: string }) => value !== undefined;
  const rows = [...settings.filter(isSet), ...settings.filter((row) => !isSet(row))].map((row) => ({
    key: row.name,
    cells: [
      <code class="whole">{row.name}</code>,
      row.value === undefined ? (
        t('not set: {}', t(row.preset || 'none').replaceAll('`', ''))
      ) : (
        <code>{row.value}</code>
      ),
      t(row.meaning).replaceAll('`', ''),
    ],
  }));
  return (
    <CardTable title={t('Settings')} columns={[t('Variable'), t('Value'), t('Meaning')]} rows={rows}>
      <p class="hint">{t('Settings are environment variables, read at the start. Secrets are not shown.')}</p>
    </CardTable>
  );
}
