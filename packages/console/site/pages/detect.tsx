import { useCallback, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { ApiRequest, RequestLog } from '../api/request.ts';
import type { FoundFace } from '../api/responses.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { FaceFigures } from '../components/face-figures.tsx';
import { Busy, Empty, Failure, Notice } from '../components/notice.tsx';
import { PhotoInput } from '../components/photo-input.tsx';
import { PhotoStrip } from '../components/photo-strip.tsx';
import { Portrait } from '../components/portrait.tsx';
import { QueuedPicture } from '../components/queued-picture.tsx';
import { useText } from '../i18n/language.ts';
import { type Photo, photoFields } from '../photos/photo.ts';
import { usePhotoQueue } from '../photos/use-photo-queue.ts';
import { PageHead } from '../shell/page-head.tsx';

/** Pose and landmarks are drawn; the others are figures. */
const attributes = '0,1,2,3,4,5,6,8,12,13,21';

const requestOf = (photo: Photo): ApiRequest => ({
  method: 'POST',
  path: 'face-detect',
  form: { ...photoFields('image', photo), attributes },
});

/** What the code shows before there is a photo. */
const example: Photo = { name: 'photo.jpg', file: new File([], 'photo.jpg') };

export function Detect(_: { argument: string }) {
  const t = useText();
  const api = useApi();
  const [face, setFace] = useState(0);
  const [details, setDetails] = useState(false);
  const queue = usePhotoQueue(
    useCallback((photo: Photo) => api.call<{ faces: FoundFace[] }>(requestOf(photo)), [api]),
  );
  const item = queue.selected;
  const faces = item?.result?.body.faces;
  const chosen = faces?.[face];
  const add = (photos: readonly (File | Photo)[]) => {
    setFace(0);
    queue.add(photos);
  };
  return (
    <>
      <PageHead
        title={t('Detect')}
        lead={t('Every face of a photo, with its pose, quality and attributes.')}
      />
      <div class="stack">
        <PhotoInput label={t('Choose photos')} multiple onPhotos={add} />
        <PhotoStrip
          queue={{
            ...queue,
            select: (id) => {
              setFace(0);
              queue.select(id);
            },
          }}
          mark={(result) => String(result.body.faces.length)}
        />
        {!item && (
          <Empty title={t('No photo yet.')}>
            <p>{t('Choose one above: its faces are drawn on it.')}</p>
          </Empty>
        )}
        {item && (
          <div class="columns">
            <div class="stack">
              <QueuedPicture item={item} faces={faces} details={details} selected={face} onSelect={setFace} />
              <label class="check">
                <input
                  type="checkbox"
                  checked={details}
                  onChange={(e) => setDetails(e.currentTarget.checked)}
                />
                {t('Draw landmarks and pose on the faces')}
              </label>
            </div>
            <aside aria-label={t('Faces')}>
              <Found item={item} />
              {chosen && (
                <section class="card" aria-label={t('Face {}', face + 1)}>
                  <div class="side-by-side">
                    <Portrait photo={item.photo?.file} box={chosen.bounding_box} />
                  </div>
                  <h2>{t('Face {}', face + 1)}</h2>
                  <FaceFigures face={chosen} />
                </section>
              )}
            </aside>
          </div>
        )}
      </div>
      <CodeOfCall request={requestOf(example)} entry={item?.result} />
    </>
  );
}

function Found(props: {
  item: {
    state: string;
    error?: unknown;
    result?: RequestLog & { readonly body: { readonly faces: readonly FoundFace[] } };
  };
}) {
  const t = useText();
  const { state, error, result } = props.item;
  if (state === 'failed') return <Failure error={error} />;
  if (!result) return <Busy label={t('Looking for faces')} />;
  const { length } = result.body.faces;
  if (length === 0) return <Notice kind="warn">{t('There is no face on this photo.')}</Notice>;
  return (
    <p class="hint" role="status">
      {t('Faces: {}', length)}
      {length > 1 && <> · {t('Arrow keys go from face to face.')}</>}
    </p>
  );
}
