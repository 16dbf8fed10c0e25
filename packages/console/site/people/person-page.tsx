import { useCallback, useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import type { SetFace } from '../api/responses.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { Busy, Empty, Failure } from '../components/notice.tsx';
import { PersonPortrait } from '../components/person-portrait.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { PictureSource } from '../pictures/picture-source.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { type Deletion, useDeletions } from './deletions.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { peopleOf } from './group.ts';
import { facesMatching, setPath, showSet } from './lookup.ts';
import { ownFields, photoPath } from './name.ts';

/** All faces of one person, with what can be done to them. */
export function PersonPage({ set, id }: { set: string; id: string }) {
  const t = useText();
  const api = useApi();
  const [editing, setEditing] = useState(false);
  const load = useAsync(
    useCallback(async () => {
      const [info, faces] = await Promise.all([
        showSet(api, set),
        facesMatching(api, set, `external_image_id:${id}`),
      ]);
      return { info, person: peopleOf(faces)[0] };
    }, [api, set, id]),
  );
  useEffect(() => void load.start(undefined), [load.start]);
  const deletions = useDeletions(
    useCallback((done: Deletion) => void (done.set === set && load.start(undefined)), [set, load.start]),
  );
  const person = load.result?.person;
  const isGone = deletions.hides(set, 'external_image_id', id) || (load.result && !person);
  const faces = person?.faces.filter(({ face_id }) => !deletions.hides(set, 'face_id', face_id)) ?? [];
  const request: ApiRequest = {
    method: 'PUT',
    path: `${setPath(set)}/faces`,
    json: { face_id: person?.faces[0].face_id ?? 'AbCdEfGh', external_image_id: id },
  };
  return (
    <>
      <PageHead title={person?.name ?? id} lead={<a href={`#/people/${encodeURIComponent(set)}`}>{set}</a>}>
        {person && !isGone && (
          <>
            <button type="button" class="secondary" onClick={() => setEditing(true)}>
              {t('Edit')}
            </button>
            <button
              type="button"
              class="danger"
              onClick={() =>
                deletions.ask({ set, field: 'external_image_id', items: [{ value: id, name: person.name }] })
              }
            >
              {t('Delete')}
            </button>
          </>
        )}
      </PageHead>
      <div class="stack">
        {load.busy && <Busy label={t('Reading the people')} />}
        <Failure error={load.error} onRetry={() => void load.start(undefined)} />
        {isGone && !load.busy && <Empty title={t('{} is not in this set.', person?.name ?? id)} />}
        {person && !isGone && (
          <>
            <PictureSource set={set} />
            <dl class="figures">
              <dt>external_image_id</dt>
              <dd>
                <code>{person.id}</code>
              </dd>
              {ownFields(person.faces[0].external_fields).flatMap(([name, value]) => [
                <dt key={name}>{name}</dt>,
                <dd key={`${name}=`}>{String(value)}</dd>,
              ])}
            </dl>
            <section class="card" aria-label={t('Photos')}>
              <h2>{t('photos: {}', faces.length)}</h2>
              <ul class="faces-of">
                {faces.map((face) => (
                  <Face
                    key={face.face_id}
                    set={set}
                    face={face}
                    onDelete={() =>
                      deletions.ask({
                        set,
                        field: 'face_id',
                        items: [{ value: face.face_id, name: photoPath(face) ?? face.face_id }],
                      })
                    }
                  />
                ))}
              </ul>
              <p class="hint">
                {t('Two or three photos of a person under one image id are found far more often than one.')}
              </p>
            </section>
          </>
        )}
      </div>
      {editing && person && load.result && (
        <EditDialog
          info={load.result.info}
          people={[person]}
          onClose={() => setEditing(false)}
          onDone={([changed]) => {
            setEditing(false);
            if (changed && changed.external_image_id !== id) {
              location.hash = `#/people/${encodeURIComponent(`${set}:${changed.external_image_id}`)}`;
            } else void load.start(undefined);
          }}
        />
      )}
      <CodeOfCall request={request} />
    </>
  );
}

function Face({ set, face, onDelete }: { set: string; face: SetFace; onDelete: () => void }) {
  const t = useText();
  return (
    <li>
      <PersonPortrait set={set} face={face} />
      <code>{face.face_id}</code>
      {photoPath(face) !== undefined && <span class="hint">{photoPath(face)}</span>}
      <a href={`#/search/${encodeURIComponent(`${set}:${face.face_id}`)}`}>{t('People like this')}</a>
      <button
        type="button"
        class="danger"
        aria-label={t('Delete the face {}', face.face_id)}
        onClick={onDelete}
      >
        {t('Delete')}
      </button>
    </li>
  );
}
