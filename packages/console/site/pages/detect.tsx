import { useCallback, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { FoundFace } from '../api/responses.ts';
import { FaceFigures } from '../components/face-figures.tsx';
import { FacesPicture } from '../components/faces-picture.tsx';
import { Failure } from '../components/notice.tsx';
import { PhotoInput } from '../components/photo-input.tsx';
import { RequestLogView } from '../components/request-log.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';

/** Pose, landmarks and quality are drawn; the others are figures. */
const attributes = '0,1,2,3,4,5,6,8,12,13,21';

export function Detect(_: { argument: string }) {
  const t = useText();
  const api = useApi();
  const [photo, setPhoto] = useState<File>();
  const detect = useCallback(
    (image: File) =>
      api.call<{ faces: FoundFace[] }>({
        method: 'POST',
        path: 'face-detect',
        form: { image_file: image, attributes },
      }),
    [api],
  );
  const { busy, result, error, start } = useAsync(detect);
  return (
    <>
      <h1>{t('Detect')}</h1>
      <PhotoInput
        label={t('Photo')}
        onPhoto={(chosen) => {
          setPhoto(chosen);
          void start(chosen);
        }}
      />
      {busy && <progress aria-label={t('Working')} />}
      <Failure error={error} />
      <div class="columns">
        {photo && (
          <FacesPicture
            photo={photo}
            faces={result?.body.faces ?? []}
            figures={(face) => <FaceFigures face={face} />}
          />
        )}
        <RequestLogView entry={result} />
      </div>
    </>
  );
}
