import { useCallback, useEffect, useState } from 'preact/hooks';
import { useActivity } from '../api/activity.ts';
import { useApi } from '../api/api.ts';
import { type Health, readHealth } from '../api/health.ts';
import type { FaceSetInfo } from '../api/responses.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { HealthStatus } from '../components/health-status.tsx';
import { Busy, Empty, Failure } from '../components/notice.tsx';
import { Table } from '../components/table.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { listSets, readSets } from '../people/lookup.ts';
import { PageHead } from '../shell/page-head.tsx';

/** What a user sees first: the sets with their limits, the service's health, and what this tab has done. */
export function Overview(_: { argument: string }) {
  const t = useText();
  const api = useApi();
  const sets = useAsync(
    useCallback(async () => {
      const [list, subscription] = await Promise.all([
        readSets(api),
        api.call<{ max_face_set_number: number }>({ method: 'GET', path: 'subscribe', version: 'v1' }),
      ]);
      return { list, most: subscription.body.max_face_set_number };
    }, [api]),
  );
  useEffect(() => void sets.start(undefined), [sets.start]);
  const infos = sets.result?.list.body.face_sets_info;
  const faces = infos?.reduce((sum, set) => sum + set.face_number, 0) ?? 0;
  return (
    <>
      <PageHead title={t('Overview')} lead={t('The face sets of {}', api.session.projectName)}>
        <a class="button" href="#/search">
          {t('Find a person')}
        </a>
        <a class="button secondary" href="#/enrol">
          {t('Enrol people')}
        </a>
      </PageHead>
      <div class="stack">
        {sets.busy && <Busy label={t('Reading the face sets')} />}
        <Failure error={sets.error} onRetry={() => void sets.start(undefined)} />
        {infos?.length === 0 && (
          <Empty title={t('There is no face set yet.')}>
            <p>{t('A face set holds the people that you search among.')}</p>
            <a class="button" href="#/enrol">
              {t('Enrol people')}
            </a>
          </Empty>
        )}
        {infos && infos.length > 0 && (
          <section class="stack" aria-label={t('Face sets')}>
            <p class="hint">
              {t('{} of {} face sets', infos.length, sets.result?.most ?? 0)} ·{' '}
              {t('{} faces in all', faces.toLocaleString())}
            </p>
            <ul class="cards">
              {infos.map((set) => (
                <SetCard key={set.face_set_id} set={set} />
              ))}
            </ul>
          </section>
        )}
        <div class="columns wide-second">
          <HealthCard />
          <Recent />
        </div>
      </div>
      <CodeOfCall request={listSets} entry={sets.result?.list} />
    </>
  );
}

function SetCard({ set }: { set: FaceSetInfo }) {
  const t = useText();
  const at = encodeURIComponent(set.face_set_name);
  return (
    <li class="card">
      <h2>
        <a href={`#/people/${at}`}>{set.face_set_name}</a>
      </h2>
      <label>
        {t('{} of {} faces', set.face_number.toLocaleString(), set.face_set_capacity.toLocaleString())}
        <progress max={set.face_set_capacity} value={set.face_number} />
      </label>
      <p class="row middle">
        <a href={`#/people/${at}`}>{t('People')}</a>
        <a href={`#/search/${at}`}>{t('Search')}</a>
      </p>
    </li>
  );
}

function HealthCard() {
  const t = useText();
  const [health, setHealth] = useState<Health>();
  const [unreachable, setUnreachable] = useState(false);
  useEffect(() => void readHealth().then(setHealth, () => setUnreachable(true)), []);
  return (
    <section class="card" aria-label={t('Health')}>
      <h2>{t('Health')}</h2>
      {unreachable && <p class="status bad">{t('The service does not answer')}</p>}
      {!unreachable && !health && <Busy />}
      {health && <HealthStatus health={health} />}
      <p class="hint">
        <a href="#/usage">{t('Requests, quotas and keys')}</a>
      </p>
    </section>
  );
}

function Recent() {
  const t = useText();
  const entries = useActivity().slice(0, 8);
  return (
    <section class="card" aria-label={t('Recent in this tab')}>
      <h2>{t('Recent in this tab')}</h2>
      {entries.length === 0 ? (
        <p class="hint">{t('Nothing yet.')}</p>
      ) : (
        <Table
          label={t('Requests')}
          columns={[t('Time'), t('Request'), t('Result'), 'ms']}
          rows={entries.map(({ number, at, what, status, milliseconds }) => ({
            key: String(number),
            cells: [
              at.toLocaleTimeString(),
              <code class="whole">{what}</code>,
              status,
              Math.round(milliseconds),
            ],
          }))}
        />
      )}
    </section>
  );
}
