import { defaultPathField, longestValue, pathValue } from '@openfrs/contract/path-value';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useApi, writeJson } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import type { FaceSetInfo, FieldValue, SetFace } from '../api/responses.ts';
import { setPath } from '../people/lookup.ts';
import { type Photo, photoFields, preparePhoto } from '../photos/photo.ts';
import { usePictureBook } from '../pictures/picture-book.ts';
import { type Checked, checkPhoto, leastRecognizable, severity } from './check.ts';
import type { PlannedPhoto } from './plan.ts';
import { Gate, tryAgain, workThrough } from './work-through.ts';

/** A photo on its way into the set. */
export interface Candidate {
  readonly planned: PlannedPhoto;
  readonly checked?: Checked;
  /** It is to be enrolled. */
  readonly wanted: boolean;
  readonly state: 'planned' | 'working' | 'added' | 'failed';
  readonly faceId?: string;
  readonly error?: unknown;
}

export interface Progress {
  readonly what: 'checking' | 'enrolling';
  readonly done: number;
  readonly all: number;
  /** Milliseconds since the beginning, pauses included. */
  readonly elapsedMs: number;
  readonly paused: boolean;
}

export interface Settings {
  /** Faces that hold too little of a person are refused by the service too. */
  readonly strict: boolean;
}

/** Adds the largest face of a photo. */
export function addRequest(
  set: string,
  photo: Photo,
  id: string,
  fields: Readonly<Record<string, FieldValue>>,
  strict: boolean,
): ApiRequest {
  return {
    method: 'POST',
    path: `${setPath(set)}/faces`,
    form: {
      ...photoFields('image', photo),
      external_image_id: id,
      single: 'true',
      ...(strict && { min_recognizability: String(leastRecognizable) }),
      ...(Object.keys(fields).length > 0 && { external_fields: writeJson(fields) }),
    },
  };
}

/** Checks photos, then enrols those that are wanted; both can be paused and ended. */
export function useEnrolment(info: FaceSetInfo, settings: Settings) {
  const api = useApi();
  const book = usePictureBook();
  const [candidates, setCandidates] = useState<readonly Candidate[]>([]);
  const [progress, setProgress] = useState<Progress>();
  const gate = useRef<Gate | undefined>(undefined);
  const isOwn = useRef(true);
  useEffect(
    () => () => {
      isOwn.current = false;
      gate.current?.end();
    },
    [],
  );
  const change = useCallback(
    (path: string, part: Partial<Candidate>) =>
      setCandidates((before) => before.map((one) => (one.planned.path === path ? { ...one, ...part } : one))),
    [],
  );
  const run = async (
    what: Progress['what'],
    items: readonly Candidate[],
    work: (item: Candidate, own: Gate) => Promise<void>,
  ) => {
    const own = new Gate();
    gate.current = own;
    const begun = performance.now();
    let done = 0;
    const tell = () =>
      isOwn.current &&
      setProgress({
        what,
        done,
        all: items.length,
        elapsedMs: performance.now() - begun,
        paused: own.paused,
      });
    tell();
    await workThrough(items, own, async (item) => {
      await work(item, own);
      done += 1;
      tell();
    });
    if (isOwn.current) setProgress(undefined);
  };
  const seen = useRef(new Map<string, string>());
  return {
    candidates,
    progress,
    plan(photos: readonly PlannedPhoto[]) {
      seen.current = new Map();
      setCandidates(
        photos.map((planned) => ({ planned, wanted: planned.wrong.length === 0, state: 'planned' })),
      );
    },
    choose: (path: string, wanted: boolean) => change(path, { wanted }),
    check: () =>
      run(
        'checking',
        candidates.filter(({ state, checked }) => state === 'planned' && !checked),
        async (item, own) => {
          const { path } = item.planned;
          const set = { name: info.face_set_name, isEmpty: info.face_number === 0 };
          try {
            const checked = await tryAgain(own, () => checkPhoto(api, set, item.planned, seen.current));
            change(path, { checked, wanted: checked.findings.every((one) => severity(one) === 'note') });
          } catch (error) {
            change(path, {
              checked: {
                photo: { name: path, file: item.planned.file },
                findings: [{ kind: 'refused', error }],
              },
              wanted: false,
            });
          }
        },
      ),
    enrol: () =>
      run(
        'enrolling',
        candidates.filter(({ state, wanted }) => wanted && state !== 'added'),
        async (item, own) => {
          const { planned } = item;
          change(planned.path, { state: 'working' });
          try {
            const photo = item.checked?.photo ?? (await preparePhoto(planned.file));
            const fields = { ...pathField(info, planned.path), ...planned.fields };
            const request = addRequest(info.face_set_name, photo, planned.id, fields, settings.strict);
            const { body } = await tryAgain(own, () => api.call<{ faces: readonly SetFace[] }>(request));
            const faceId = body.faces[0]?.face_id ?? '';
            book.remember(faceId, planned.file);
            change(planned.path, { state: 'added', faceId });
          } catch (error) {
            change(planned.path, { state: 'failed', error });
          }
        },
      ),
    pause() {
      gate.current?.pause();
      setProgress((before) => before && { ...before, paused: true });
    },
    resume() {
      gate.current?.resume();
      setProgress((before) => before && { ...before, paused: false });
    },
    stop: () => gate.current?.end(),
  };
}

/** The photo's path as it is, in a set that has the field for it. */
function pathField(info: FaceSetInfo, path: string): Record<string, FieldValue> {
  const value = pathValue(path);
  const takes =
    Object.hasOwn(info.external_fields, defaultPathField) &&
    info.external_fields[defaultPathField]?.type === 'string';
  return takes && value.length <= longestValue ? { [defaultPathField]: value } : {};
}
