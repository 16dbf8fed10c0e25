import { useCallback, useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { FaceSetInfo } from '../api/responses.ts';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { Failure } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { CreateFaceSet } from './create-face-set.tsx';
import { FaceSet } from './face-set.tsx';

/** All sets, or one of them. */
export function FaceSets({ argument }: { argument: string }) {
  return argument === '' ? <FaceSetList /> : <FaceSet name={argument} />;
}

function FaceSetList() {
  const t = useText();
  const api = useApi();
  const load = useCallback(
    () => api.call<{ face_sets_info: FaceSetInfo[] }>({ method: 'GET', path: 'face-sets' }),
    [api],
  );
  const list = useAsync(load);
  const remove = useAsync(
    useCallback(
      async (name: string) => {
        await api.call({ method: 'DELETE', path: `face-sets/${encodeURIComponent(name)}` });
        await list.start(undefined);
      },
      [api, list.start],
    ),
  );
  useEffect(() => void list.start(undefined), [list.start]);
  const [creating, setCreating] = useState(false);
  return (
    <>
      <h1>{t('Face sets')}</h1>
      <button type="button" aria-expanded={creating} onClick={() => setCreating(!creating)}>
        {t('New face set')}
      </button>
      {creating && (
        <CreateFaceSet
          onDone={() => {
            setCreating(false);
            void list.start(undefined);
          }}
        />
      )}
      <Failure error={list.error ?? remove.error} />
      {list.busy && <progress aria-label={t('Working')} />}
      <ul class="cards">
        {list.result?.body.face_sets_info.map((set) => (
          <li class="card" key={set.face_set_id}>
            <h2>
              <a href={`#/sets/${encodeURIComponent(set.face_set_name)}`}>{set.face_set_name}</a>
            </h2>
            <label>
              {t('{} of {} faces', set.face_number.toLocaleString(), set.face_set_capacity.toLocaleString())}
              <progress max={set.face_set_capacity} value={set.face_number} />
            </label>
            <p class="hint">
              {t('since {}', set.create_date)}
              {Object.entries(set.external_fields)
                .map(([name, { type }]) => `, ${name}: ${type}`)
                .join('')}
            </p>
            <ConfirmButton
              label={t('Delete')}
              question={t('Delete {} with all its faces?', set.face_set_name)}
              onConfirm={() => void remove.start(set.face_set_name)}
            />
          </li>
        ))}
      </ul>
      {list.result?.body.face_sets_info.length === 0 && <p>{t('There is no face set yet.')}</p>}
    </>
  );
}
