import { useCallback, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import type { Box } from '../api/responses.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { FacesPicture } from '../components/faces-picture.tsx';
import { Busy, Empty, Failure } from '../components/notice.tsx';
import { PhotoInput } from '../components/photo-input.tsx';
import { ResizedNote } from '../components/resized-note.tsx';
import { SimilarityScale } from '../components/similarity-scale.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { type Photo, photoFields, preparePhoto } from '../photos/photo.ts';
import { PageHead } from '../shell/page-head.tsx';

interface Comparison {
  readonly image1_face: { readonly bounding_box: Box };
  readonly image2_face: { readonly bounding_box: Box };
  readonly similarity: number;
}

type Photos = readonly [Photo | undefined, Photo | undefined];

const requestOf = (first: Photo, second: Photo): ApiRequest => ({
  method: 'POST',
  path: 'face-compare',
  form: { ...photoFields('image1', first), ...photoFields('image2', second) },
});

const example = (name: string): Photo => ({ name, file: new File([], name) });

export function Compare(_: { argument: string }) {
  const t = useText();
  const api = useApi();
  const [photos, setPhotos] = useState<Photos>([undefined, undefined]);
  const compare = useAsync(
    useCallback(
      ([first, second]: readonly [Photo, Photo]) => api.call<Comparison>(requestOf(first, second)),
      [api],
    ),
  );
  const { busy, result, error, start, clear } = compare;
  const choose = async (place: 0 | 1, chosen: File | Photo) => {
    clear();
    const photo = chosen instanceof File ? await preparePhoto(chosen) : chosen;
    setPhotos((before) => {
      const next: Photos = place === 0 ? [photo, before[1]] : [before[0], photo];
      const [first, second] = next;
      if (first && second) void start([first, second]);
      return next;
    });
  };
  const faces = [result?.body.image1_face, result?.body.image2_face];
  return (
    <>
      <PageHead
        title={t('Compare')}
        lead={t('Whether the largest faces of two photos are of one person, and how sure that is.')}
      />
      <div class="stack">
        <div class="columns pair">
          {([0, 1] as const).map((place) => (
            <div class="stack" key={place}>
              <PhotoInput
                label={t('Photo {}', place + 1)}
                onPhotos={([photo]) => photo && void choose(place, photo)}
              />
              {photos[place]?.file && (
                <FacesPicture
                  photo={photos[place].file}
                  faces={result && [faces[place]].filter((face) => face !== undefined)}
                />
              )}
              {photos[place]?.address !== undefined && <p class="hint">{photos[place].address}</p>}
              <ResizedNote photo={photos[place]} />
            </div>
          ))}
        </div>
        {!result && !busy && error === undefined && (
          <Empty title={t('Choose two photos: the answer comes by itself.')} />
        )}
        {busy && <Busy label={t('Comparing')} />}
        <Failure error={error} />
        {result && <SimilarityScale similarity={result.body.similarity} />}
      </div>
      <CodeOfCall request={requestOf(example('ann.jpg'), example('other.jpg'))} entry={result} />
    </>
  );
}
