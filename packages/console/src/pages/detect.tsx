import { useCallback, useState } from 'preact/hooks';
import type { FoundFace } from '../data/answers.ts';
import { useApi } from '../data/api.ts';
import { useText } from '../data/language.ts';
import { ExchangeView } from '../parts/exchange.tsx';
import { FaceFigures } from '../parts/face-figures.tsx';
import { FacesPicture } from '../parts/faces-picture.tsx';
import { Failure } from '../parts/notice.tsx';
import { PhotoInput } from '../parts/photo-input.tsx';
import { useWork } from '../parts/use-work.ts';

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
  const { busy, result, error, start } = useWork(detect);
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
        <ExchangeView exchange={result} />
      </div>
    </>
  );
}
