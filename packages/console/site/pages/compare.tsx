import { useCallback, useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import { type Calibration, readCalibration } from '../api/calibration.ts';
import type { Box } from '../api/responses.ts';
import { FacesPicture } from '../components/faces-picture.tsx';
import { Failure } from '../components/notice.tsx';
import { PhotoInput } from '../components/photo-input.tsx';
import { RequestLogView } from '../components/request-log.tsx';
import { SimilarityScale } from '../components/similarity-scale.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';

interface Comparison {
  readonly image1_face: { readonly bounding_box: Box };
  readonly image2_face: { readonly bounding_box: Box };
  readonly similarity: number;
}

type Photos = readonly [File | undefined, File | undefined];

export function Compare(_: { argument: string }) {
  const t = useText();
  const api = useApi();
  const [photos, setPhotos] = useState<Photos>([undefined, undefined]);
  const [calibration, setCalibration] = useState<Calibration>();
  useEffect(() => void readCalibration().then(setCalibration), []);
  const compare = useCallback(
    ([first, second]: readonly [File, File]) =>
      api.call<Comparison>({
        method: 'POST',
        path: 'face-compare',
        form: { image1_file: first, image2_file: second },
      }),
    [api],
  );
  const { busy, result, error, start, clear } = useAsync(compare);
  const choose = (place: 0 | 1, photo: File) => {
    const next: Photos = place === 0 ? [photo, photos[1]] : [photos[0], photo];
    setPhotos(next);
    clear();
    const [first, second] = next;
    if (first && second) void start([first, second]);
  };
  const faces = [result?.body.image1_face, result?.body.image2_face];
  return (
    <>
      <h1>{t('Compare')}</h1>
      <div class="columns even">
        {([0, 1] as const).map((place) => (
          <div key={place}>
            <PhotoInput label={t('Photo {}', place + 1)} onPhoto={(photo) => choose(place, photo)} />
            {photos[place] && (
              <FacesPicture
                photo={photos[place]}
                faces={[faces[place]].filter((face) => face !== undefined)}
              />
            )}
          </div>
        ))}
      </div>
      {busy && <progress aria-label={t('Working')} />}
      <Failure error={error} />
      {result && <SimilarityScale similarity={result.body.similarity} marks={calibration?.marks ?? []} />}
      <RequestLogView entry={result} />
    </>
  );
}
