import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Box } from '../data/answers.ts';
import { useApi } from '../data/api.ts';
import { type Calibration, readCalibration } from '../data/calibration.ts';
import { useText } from '../data/language.ts';
import { ExchangeView } from '../parts/exchange.tsx';
import { FacesPicture } from '../parts/faces-picture.tsx';
import { Failure } from '../parts/notice.tsx';
import { PhotoInput } from '../parts/photo-input.tsx';
import { SimilarityScale } from '../parts/similarity-scale.tsx';
import { useWork } from '../parts/use-work.ts';

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
  const { busy, result, error, start, clear } = useWork(compare);
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
      <ExchangeView exchange={result} />
    </>
  );
}
