import { useCallback, useEffect, useState } from 'preact/hooks';
import { type ApiRequest, useApi } from '../api/api.ts';
import type { FaceSetInfo, SetFace } from '../api/responses.ts';
import { FilterBuilder } from '../components/filter-builder.tsx';
import { Failure, Notice } from '../components/notice.tsx';
import { PhotoInput } from '../components/photo-input.tsx';
import { RequestLogView } from '../components/request-log.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';

/** `#/search/<set>:<face_id>` begins with a face of a set. */
export function Search({ argument }: { argument: string }) {
  const t = useText();
  const api = useApi();
  const [askedSet = '', askedFace = ''] = argument.split(':');
  const [setName, setSetName] = useState(askedSet);
  const [photo, setPhoto] = useState<File>();
  const [faceId, setFaceId] = useState(askedFace);
  const [filter, setFilter] = useState('');
  const [topN, setTopN] = useState(10);
  const [threshold, setThreshold] = useState(0.93);
  const [people, setPeople] = useState(false);
  const sets = useAsync(
    useCallback(
      () => api.call<{ face_sets_info: FaceSetInfo[] }>({ method: 'GET', path: 'face-sets' }),
      [api],
    ),
  );
  useEffect(() => void sets.start(undefined), [sets.start]);
  const infos = sets.result?.body.face_sets_info ?? [];
  const info = infos.find((set) => set.face_set_name === setName) ?? infos[0];
  const search = useAsync(
    useCallback((request: ApiRequest) => api.call<{ faces: SetFace[] }>(request), [api]),
  );
  const submit = (event: Event) => {
    event.preventDefault();
    if (info === undefined) return;
    const path = `face-sets/${encodeURIComponent(info.face_set_name)}/search`;
    const options = {
      top_n: topN,
      threshold,
      ...(filter !== '' && { filter }),
      ...(people && { group_by: 'external_image_id' }),
    };
    const form = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
    void search.start(
      photo
        ? { method: 'POST', path, form: { ...form, image_file: photo } }
        : { method: 'POST', path, json: { face_id: faceId, ...options } },
    );
  };
  return (
    <>
      <h1>{t('Search')}</h1>
      <Failure error={sets.error} />
      {sets.result && info === undefined && (
        <Notice kind="info">
          {t('There is no face set yet.')} <a href="#/sets">{t('New face set')}</a>
        </Notice>
      )}
      <form class="card" onSubmit={submit}>
        <label>
          {t('Face set')}
          <select
            value={info?.face_set_name}
            onChange={(e) => {
              setSetName(e.currentTarget.value);
              // Another set has other fields.
              setFilter('');
            }}
          >
            {infos.map((set) => (
              <option key={set.face_set_id}>{set.face_set_name}</option>
            ))}
          </select>
        </label>
        <PhotoInput label={t('Photo')} onPhoto={setPhoto} />
        {photo ? (
          <p class="row">
            {photo.name}
            <button type="button" class="plain" onClick={() => setPhoto(undefined)}>
              {t('Remove')}
            </button>
          </p>
        ) : (
          <label>
            {t('or the face_id of a face of the set')}
            <input value={faceId} onInput={(e) => setFaceId(e.currentTarget.value.trim())} />
          </label>
        )}
        <div class="row">
          <label>
            top_n
            <input
              type="number"
              min={1}
              max={1000}
              value={topN}
              onInput={(e) => setTopN(e.currentTarget.valueAsNumber)}
            />
          </label>
          <label>
            threshold
            <input
              type="number"
              min={0}
              max={1}
              step="any"
              value={threshold}
              onInput={(e) => setThreshold(e.currentTarget.valueAsNumber)}
            />
          </label>
          <label class="check">
            <input type="checkbox" checked={people} onChange={(e) => setPeople(e.currentTarget.checked)} />
            {t('One result a person (all photos of an image id together)')}
          </label>
        </div>
        {info && (
          <FilterBuilder
            key={info.face_set_id}
            fields={info.external_fields}
            filter={filter}
            onFilter={setFilter}
          />
        )}
        <button type="submit" disabled={search.busy || info === undefined || (!photo && faceId === '')}>
          {t('Search')}
        </button>
      </form>
      {search.busy && <progress aria-label={t('Working')} />}
      <Failure error={search.error} />
      {search.result && (
        <>
          <h2 aria-live="polite">{t('Faces: {}', search.result.body.faces.length)}</h2>
          <ol class="cards">
            {search.result.body.faces.map((face) => (
              <li class="card" key={face.face_id}>
                <label>
                  {(face.similarity ?? 0).toFixed(4)}
                  <meter min={0} max={1} low={0.86} high={0.93} optimum={1} value={face.similarity ?? 0} />
                </label>
                <strong>{face.external_image_id}</strong> <code>{face.face_id}</code>
                <p class="hint">
                  {Object.entries(face.external_fields)
                    .map(([name, value]) => `${name}: ${value}`)
                    .join(', ')}
                </p>
              </li>
            ))}
          </ol>
        </>
      )}
      <RequestLogView entry={search.result} />
    </>
  );
}
