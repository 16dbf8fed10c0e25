import { useCallback, useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { FaceSetInfo } from '../api/responses.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { Busy, Empty, Failure } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { addRequest } from '../enrolment/add-request.ts';
import { Enrolment } from '../enrolment/enrolment.tsx';
import { useText } from '../i18n/language.ts';
import { chosenSet, UnknownSet } from '../people/chosen-set.tsx';
import { CreateFaceSet } from '../people/create-face-set.tsx';
import { readSets } from '../people/lookup.ts';
import { PageHead } from '../shell/page-head.tsx';

const example = new File([], 'ann.jpg');

/** `#/enrol/<set>`: puts people into a set, a folder of them at a time. */
export function Enrol({ argument }: { argument: string }) {
  const t = useText();
  const api = useApi();
  const sets = useAsync(useCallback(() => readSets(api), [api]));
  useEffect(() => void sets.start(undefined), [sets.start]);
  const [known, setKnown] = useState<readonly FaceSetInfo[]>();
  useEffect(() => {
    if (sets.result) setKnown(sets.result.body.face_sets_info);
  }, [sets.result]);
  const [name, setName] = useState(argument);
  const [creating, setCreating] = useState(false);
  const info = known && chosenSet(known, name);
  const set = info?.face_set_name ?? (name || 'people');
  const isNew = creating || known?.length === 0;
  return (
    <>
      <PageHead
        title={t('Enrol')}
        lead={t(
          'A folder of people becomes a face set: checked first, so that nothing is written that should not be.',
        )}
      />
      <div class="stack">
        <Failure error={sets.error} onRetry={() => void sets.start(undefined)} />
        {!known && sets.busy && <Busy label={t('Reading the face sets')} />}
        {known?.length === 0 && (
          <Empty title={t('There is no face set yet.')}>
            <p>{t('Make one here, then choose the photos.')}</p>
          </Empty>
        )}
        {known && known.length > 0 && !info && !sets.busy && (
          <UnknownSet name={name} page="enrol" sets={known} />
        )}
        {known && known.length > 0 && (
          <div class="row">
            <label>
              {t('Face set')}
              <select value={info?.face_set_name ?? ''} onChange={(e) => setName(e.currentTarget.value)}>
                {!info && <option value="" />}
                {known.map((one) => (
                  <option key={one.face_set_id}>{one.face_set_name}</option>
                ))}
              </select>
            </label>
            <button
              type="button"
              class="secondary"
              aria-expanded={creating}
              onClick={() => setCreating(!creating)}
            >
              {t('New face set')}
            </button>
          </div>
        )}
        {isNew && (
          <CreateFaceSet
            onDone={(made) => {
              setCreating(false);
              setName(made);
              void sets.start(undefined);
            }}
          />
        )}
        {info && !isNew && <Enrolment key={info.face_set_id} info={info} />}
      </div>
      <CodeOfCall
        request={addRequest(set, { name: 'ann.jpg', file: example }, 'ann', {}, true)}
        command={`npx openfrs enrol photos/ --set ${set} --people`}
      />
    </>
  );
}
