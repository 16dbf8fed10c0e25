import { useCallback, useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { Busy, Empty, Failure } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { PageHead } from '../shell/page-head.tsx';
import { CreateFaceSet } from './create-face-set.tsx';
import { listSets, readSets, setPath } from './lookup.ts';

/** All sets, each the way to its people. */
export function SetList() {
  const t = useText();
  const api = useApi();
  const list = useAsync(useCallback(() => readSets(api), [api]));
  const remove = useAsync(
    useCallback(
      async (name: string) => {
        await api.call({ method: 'DELETE', path: setPath(name) });
        await list.start(undefined);
      },
      [api, list.start],
    ),
  );
  useEffect(() => void list.start(undefined), [list.start]);
  const [creating, setCreating] = useState(false);
  const sets = list.result?.body.face_sets_info;
  return (
    <>
      <PageHead title={t('People')} lead={t('A face set holds the people that you search among.')}>
        <button type="button" aria-expanded={creating} onClick={() => setCreating(!creating)}>
          {t('New face set')}
        </button>
      </PageHead>
      <div class="stack">
        {creating && (
          <CreateFaceSet
            onDone={() => {
              setCreating(false);
              void list.start(undefined);
            }}
          />
        )}
        <Failure error={list.error ?? remove.error} onRetry={() => void list.start(undefined)} />
        {(list.busy || remove.busy) && <Busy label={t('Reading the face sets')} />}
        {sets?.length === 0 && !creating && (
          <Empty title={t('There is no face set yet.')}>
            <a class="button" href="#/enrol">
              {t('Enrol people')}
            </a>
          </Empty>
        )}
        <ul class="cards">
          {sets?.map((set) => (
            <li class="card" key={set.face_set_id}>
              <h2>
                <a href={`#/people/${encodeURIComponent(set.face_set_name)}`}>{set.face_set_name}</a>
              </h2>
              <label>
                {t(
                  '{} of {} faces',
                  set.face_number.toLocaleString(),
                  set.face_set_capacity.toLocaleString(),
                )}
                <progress max={set.face_set_capacity} value={set.face_number} />
              </label>
              <p class="hint">
                {t('since {}', set.create_date)}
                {Object.entries(set.external_fields)
                  .map(([name, { type }]) => `, ${name}: ${type}`)
                  .join('')}
              </p>
              <div class="row">
                <a class="button secondary" href={`#/enrol/${encodeURIComponent(set.face_set_name)}`}>
                  {t('Enrol people')}
                </a>
                <ConfirmButton
                  label={t('Delete')}
                  question={t('Delete {} with all its faces?', set.face_set_name)}
                  onConfirm={() => void remove.start(set.face_set_name)}
                />
              </div>
            </li>
          ))}
        </ul>
      </div>
      <CodeOfCall request={listSets} entry={list.result} />
    </>
  );
}
