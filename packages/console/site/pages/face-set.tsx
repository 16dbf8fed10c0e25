import { useCallback, useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { FaceSetInfo, SetFace } from '../api/responses.ts';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { Failure } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { Enrol } from './enrol.tsx';

const pageSize = 20;
/** The contract lists no further. */
const lastRow = 10_000;

export function FaceSet({ name }: { name: string }) {
  const t = useText();
  const api = useApi();
  const path = `face-sets/${encodeURIComponent(name)}`;
  const [offset, setOffset] = useState(0);
  const [enrolling, setEnrolling] = useState(false);
  const [order, setOrder] = useState<{ field: string; down: boolean }>();
  const [wanted, setWanted] = useState('');
  const load = useAsync(
    useCallback(
      async (from: number) => {
        const limit = Math.min(pageSize, lastRow - from);
        const [info, faces] = await Promise.all([
          api.call<{ face_set_info: FaceSetInfo }>({ method: 'GET', path }),
          api.call<{ faces: SetFace[] }>({
            method: 'GET',
            path: `${path}/faces?offset=${from}&limit=${limit}`,
          }),
        ]);
        return { info: info.body.face_set_info, faces: faces.body.faces };
      },
      [api, path],
    ),
  );
  useEffect(() => void load.start(offset), [offset, load.start]);
  const remove = useAsync(
    useCallback(
      async (faceId: string) => {
        await api.call({ method: 'DELETE', path: `${path}/faces?face_id=${faceId}` });
        await load.start(offset);
      },
      [api, path, offset, load.start],
    ),
  );
  const [shown, setShown] = useState<{ info: FaceSetInfo; faces: SetFace[] }>();
  useEffect(() => {
    if (load.result) setShown(load.result);
  }, [load.result]);
  const columns = Object.keys(shown?.info.external_fields ?? {});
  return (
    <>
      <p>
        <a href="#/sets">{t('Face sets')}</a>
      </p>
      <h1>{name}</h1>
      <Failure error={load.error ?? remove.error} />
      {shown && (
        <>
          <label>
            {t(
              '{} of {} faces',
              shown.info.face_number.toLocaleString(),
              shown.info.face_set_capacity.toLocaleString(),
            )}
            <progress max={shown.info.face_set_capacity} value={shown.info.face_number} />
          </label>
          <div class="row">
            <button type="button" aria-expanded={enrolling} onClick={() => setEnrolling(!enrolling)}>
              {t('Enrol photos')}
            </button>
            <label>
              {t('Find on this page')}
              <input type="search" value={wanted} onInput={(e) => setWanted(e.currentTarget.value)} />
            </label>
          </div>
          {enrolling && (
            <Enrol
              path={path}
              fields={shown.info.external_fields}
              onEnrolled={() => void load.start(offset)}
            />
          )}
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  {['face_id', 'external_image_id', ...columns].map((column) => (
                    <th
                      key={column}
                      scope="col"
                      aria-sort={order?.field === column ? (order.down ? 'descending' : 'ascending') : 'none'}
                    >
                      <button
                        type="button"
                        class="plain"
                        onClick={() =>
                          setOrder({ field: column, down: order?.field === column && !order.down })
                        }
                      >
                        {column}
                      </button>
                    </th>
                  ))}
                  <th scope="col">{t('Actions')}</th>
                </tr>
              </thead>
              <tbody>
                {arrange(shown.faces, wanted, order).map((face) => (
                  <tr key={face.face_id}>
                    <td>
                      <a href={`#/search/${encodeURIComponent(`${name}:${face.face_id}`)}`}>{face.face_id}</a>
                    </td>
                    <td>{face.external_image_id}</td>
                    {columns.map((column) => (
                      <td key={column}>{String(customField(face, column) ?? '')}</td>
                    ))}
                    <td>
                      <ConfirmButton
                        label={t('Delete')}
                        question={t('Delete the face {}?', face.face_id)}
                        onConfirm={() => void remove.start(face.face_id)}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <nav class="row" aria-label={t('Rows')}>
            <button
              type="button"
              class="plain"
              disabled={offset === 0}
              onClick={() => setOffset(offset - pageSize)}
            >
              {t('Earlier')}
            </button>
            <span>{t('{} to {}', offset + 1, offset + shown.faces.length)}</span>
            <button
              type="button"
              class="plain"
              disabled={shown.faces.length < pageSize || offset + pageSize >= lastRow}
              onClick={() => setOffset(offset + pageSize)}
            >
              {t('Later')}
            </button>
          </nav>
        </>
      )}
    </>
  );
}

/** Its own only: a face without the field `constructor` has none, whatever objects inherit. */
const customField = ({ external_fields }: SetFace, name: string) =>
  Object.hasOwn(external_fields, name) ? external_fields[name] : undefined;

const fieldOf = (face: SetFace, field: string): string | number | boolean | undefined =>
  field === 'face_id' || field === 'external_image_id' ? face[field] : customField(face, field);

/** The rows of this page that hold the wanted text, in the wanted order. */
function arrange(
  faces: readonly SetFace[],
  wanted: string,
  order: { field: string; down: boolean } | undefined,
): SetFace[] {
  const found = faces.filter((face) =>
    [face.face_id, face.external_image_id, ...Object.values(face.external_fields)].some((value) =>
      String(value).toLowerCase().includes(wanted.toLowerCase()),
    ),
  );
  if (order === undefined) return found;
  const sign = order.down ? -1 : 1;
  return found.sort((a, b) => {
    const [x, y] = [fieldOf(a, order.field) ?? '', fieldOf(b, order.field) ?? ''];
    return x === y ? 0 : x < y ? -sign : sign;
  });
}
