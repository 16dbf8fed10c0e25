import { useCallback, useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { Busy, Empty, Failure, Notice } from '../components/notice.tsx';
import { PhotoInput } from '../components/photo-input.tsx';
import { PhotoStrip } from '../components/photo-strip.tsx';
import { QueuedPicture } from '../components/queued-picture.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { chosenSet, UnknownSet } from '../people/chosen-set.tsx';
import { readSets } from '../people/lookup.ts';
import { nameOf } from '../people/name.ts';
import type { Photo } from '../photos/photo.ts';
import { type QueuedPhoto, usePhotoQueue } from '../photos/use-photo-queue.ts';
import { PictureSource } from '../pictures/picture-source.tsx';
import { type SearchAnswer, type Searched, searched } from '../search/answer.ts';
import { Candidates } from '../search/candidates.tsx';
import { defaultOptions, faceRequest, type Options, photoRequest } from '../search/request.ts';
import { SearchOptions } from '../search/search-options.tsx';
import { PageHead } from '../shell/page-head.tsx';

const example: Photo = { name: 'photo.jpg', file: new File([], 'photo.jpg') };

/** `#/search/<set>` begins with a set, `#/search/<set>:<face_id>` with a face of it. */
export function Search({ argument }: { argument: string }) {
  const t = useText();
  const api = useApi();
  const [askedSet = '', askedFace = ''] = argument.split(':');
  const sets = useAsync(useCallback(() => readSets(api), [api]));
  useEffect(() => void sets.start(undefined), [sets.start]);
  const infos = sets.result?.body.face_sets_info;
  const [setName, setSetName] = useState(askedSet);
  const info = infos && chosenSet(infos, setName);
  const [options, setOptions] = useState(defaultOptions);
  const [face, setFace] = useState(0);
  const name = info?.face_set_name ?? (setName || 'people');
  const queue = usePhotoQueue(
    useCallback(
      async (photo: Photo) => {
        if (!info) throw new Error(name);
        return await searched(api, info, options.filter, photoRequest(name, photo, options));
      },
      [api, info, name, options],
    ),
  );
  const byFace = useAsync(
    useCallback(
      async (given: Options) => {
        if (!info) throw new Error(name);
        return await searched(api, info, given.filter, faceRequest(name, askedFace, given));
      },
      [api, info, name],
    ),
  );
  useEffect(() => {
    if (askedFace !== '' && info) void byFace.start(options);
  }, [info?.face_set_id]);
  const again = () => {
    queue.again();
    if (askedFace !== '') void byFace.start(options);
  };
  const item = queue.selected;
  const shown = item ? item.result : byFace.result;
  const working = byFace.busy || queue.items.some(({ state }) => state === 'waiting' || state === 'working');
  return (
    <>
      <PageHead
        title={t('Search')}
        lead={t('Who are the people on a photo? Every face of it is compared with everybody in a set.')}
      />
      <Failure error={sets.error} onRetry={() => void sets.start(undefined)} />
      {sets.busy && <Busy label={t('Reading the face sets')} />}
      {infos?.length === 0 && (
        <Empty title={t('There is no face set yet.')}>
          <a class="button" href="#/people">
            {t('New face set')}
          </a>
        </Empty>
      )}
      {infos && infos.length > 0 && !info && <UnknownSet name={setName} page="search" sets={infos} />}
      {infos && info && (
        <div class="stack">
          <SearchOptions
            sets={infos}
            info={info}
            options={options}
            onSet={(next) => {
              setSetName(next);
              // Another set has other fields.
              setOptions({ ...options, filter: '' });
            }}
            onOptions={setOptions}
            busy={working}
            {...((queue.items.length > 0 || askedFace !== '') && { onAgain: again })}
          />
          <PhotoInput
            label={t('Choose photos')}
            multiple
            onPhotos={(photos) => {
              setFace(0);
              queue.add(photos);
            }}
          />
          <PhotoStrip
            queue={{
              ...queue,
              select: (id) => {
                setFace(0);
                queue.select(id);
              },
            }}
            mark={({ entry }) => knownOf(entry.body)}
          />
          {item && <PhotoResult item={item} face={face} onFace={setFace} />}
          {!item && askedFace !== '' && (
            <section class="card" aria-label={t('Result')}>
              <h2>{t('People like the face {}', askedFace)}</h2>
              {byFace.busy && <Busy label={t('Searching')} />}
              <Failure error={byFace.error} />
              {byFace.result && (
                <Candidates faces={byFace.result.entry.body.faces} searched={byFace.result} />
              )}
            </section>
          )}
          {!item && askedFace === '' && (
            <Empty title={t('No photo yet.')}>
              <p>{t('Choose one above: the people on it are searched for at once.')}</p>
            </Empty>
          )}
          <PictureSource set={name} />
        </div>
      )}
      <CodeOfCall
        request={
          askedFace !== '' && !item
            ? faceRequest(name, askedFace, options)
            : photoRequest(name, example, options)
        }
        entry={shown?.entry}
      />
    </>
  );
}

/** `2/3`: so many of the faces are somebody of the set. */
function knownOf({ results = [] }: SearchAnswer): string {
  return `${results.filter(({ faces }) => faces.length > 0).length}/${results.length}`;
}

function PhotoResult(props: { item: QueuedPhoto<Searched>; face: number; onFace: (face: number) => void }) {
  const t = useText();
  const { item, face } = props;
  const results = item.result?.entry.body.results;
  const chosen = results?.[face];
  const tags = results?.map(({ faces: [best] }, index) =>
    best ? short(nameOf(best)) : `${index + 1} ${t('unknown')}`,
  );
  return (
    <div class="columns below-options">
      <div class="stack">
        <QueuedPicture
          item={item}
          faces={results}
          {...(tags && { tags })}
          selected={face}
          onSelect={props.onFace}
        />
      </div>
      <aside class="card" aria-label={t('Result')}>
        {item.state === 'failed' && <Failure error={item.error} />}
        {(item.state === 'waiting' || item.state === 'working') && <Busy label={t('Searching')} />}
        {results && results.length === 0 && (
          <Notice kind="warn">{t('There is no face on this photo.')}</Notice>
        )}
        {results && results.length > 1 && (
          <div class="tabs">
            {results.map(({ faces: [best] }, index) => (
              <button
                key={index}
                type="button"
                class="plain"
                aria-pressed={index === face}
                onClick={() => props.onFace(index)}
              >
                {index + 1}. {best ? short(nameOf(best)) : t('unknown')}
              </button>
            ))}
          </div>
        )}
        {chosen && item.result && (
          <Candidates
            key={`${item.id}/${face}`}
            faces={chosen.faces}
            searched={item.result}
            probe={{ photo: item.photo?.file, box: chosen.bounding_box }}
          />
        )}
      </aside>
    </div>
  );
}

const short = (name: string): string => (name.length > 18 ? `${name.slice(0, 17)}…` : name);
