import { useRef, useState } from 'preact/hooks';
import { ApiError, useApi } from '../api/api.ts';
import type { FaceSetInfo, SetFace } from '../api/responses.ts';
import { DropZone } from '../components/drop-zone.tsx';
import { useObjectUrl } from '../components/faces-picture.tsx';
import { useText } from '../i18n/language.ts';

interface Entry {
  readonly photo: File;
  readonly state: 'waiting' | 'done' | 'failed';
  readonly message?: string;
}

/** Requests at once: enough to keep the service busy, few enough to leave room for others. */
const width = 3;

/** As `openfrs enrol` has it. */
const leastRecognizable = 0.6;

/** The name of the file without what an image id may not have: letters, digits, `-`, `_`; 36 at most. */
const imageId = (photo: File) =>
  photo.name
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_-]/g, '_')
    .slice(0, 36);

/** Many photos at once; their thumbnails stay in the browser. */
export function Enrol(props: {
  path: string;
  fields: FaceSetInfo['external_fields'];
  onEnrolled: () => void;
}) {
  const t = useText();
  const api = useApi();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [single, setSingle] = useState(true);
  const [strict, setStrict] = useState(true);
  const [person, setPerson] = useState('');
  const form = useRef<HTMLFormElement>(null);
  const finished = entries.filter((entry) => entry.state !== 'waiting').length;
  const take = async (files: FileList | null | undefined) => {
    const photos = [...(files ?? [])].filter((file) => file.type.startsWith('image/'));
    const first = entries.length;
    setEntries((before) => [...before, ...photos.map((photo): Entry => ({ photo, state: 'waiting' }))]);
    const values = externalFields(form.current, props.fields);
    const queue = photos.map((photo, index) => ({ photo, at: first + index }));
    const settle = (at: number, entry: Entry) =>
      setEntries((before) => before.map((one, index) => (index === at ? entry : one)));
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { photo, at } = next;
        try {
          const { body } = await api.call<{ faces: SetFace[] }>({
            method: 'POST',
            path: `${props.path}/faces`,
            form: {
              image_file: photo,
              external_image_id: person === '' ? imageId(photo) : person,
              single: String(single),
              ...(strict && { min_recognizability: String(leastRecognizable) }),
              ...(values === '{}' ? {} : { external_fields: values }),
            },
          });
          settle(at, { photo, state: 'done', message: t('Faces: {}', body.faces.length) });
        } catch (error) {
          const reason = error instanceof ApiError ? `${error.code} ${error.message}` : String(error);
          settle(at, { photo, state: 'failed', message: reason });
        }
      }
    };
    await Promise.all(Array.from({ length: width }, worker));
    props.onEnrolled();
  };
  return (
    <section class="card" aria-label={t('Enrol photos')}>
      <form ref={form} class="row" onSubmit={(event) => event.preventDefault()}>
        {Object.entries(props.fields).map(([name, { type }]) => (
          <label key={name}>
            {name} ({type})
            <input name={name} />
          </label>
        ))}
        <label class="check">
          <input type="checkbox" checked={single} onChange={(e) => setSingle(e.currentTarget.checked)} />
          {t('Only the largest face of each photo')}
        </label>
        <label class="check">
          <input type="checkbox" checked={strict} onChange={(e) => setStrict(e.currentTarget.checked)} />
          {t('Refuse photos that hold too little of a person')}
        </label>
        <label>
          {t('All of one person, with this image id')}
          <input
            value={person}
            pattern="[A-Za-z0-9_\-]{1,36}"
            onInput={(e) => setPerson(e.currentTarget.value.trim())}
          />
        </label>
        <p class="hint">
          {t('Two or three photos of a person under one image id are found far more often than one.')}
        </p>
      </form>
      <DropZone onFiles={(files) => void take(files)}>
        <label>
          {t('Photos')}
          <input
            type="file"
            multiple
            accept="image/jpeg,image/png,image/bmp"
            onChange={(event) => void take(event.currentTarget.files)}
          />
        </label>
        <span class="hint">{t('or drop them here; the file names become image ids')}</span>
      </DropZone>
      {entries.length > 0 && (
        <label>
          {t('{} of {}', finished, entries.length)}
          <progress max={entries.length} value={finished} />
        </label>
      )}
      <ul class="thumbnails">
        {entries.map((entry, index) => (
          <Thumbnail key={index} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function Thumbnail({ entry }: { entry: Entry }) {
  const url = useObjectUrl(entry.photo);
  return (
    <li class={entry.state}>
      {/* What is no picture has none to show. */}
      <img src={url} alt="" loading="lazy" onError={(e) => e.currentTarget.removeAttribute('src')} />
      <span>{entry.photo.name}</span>
      <small>{entry.message}</small>
    </li>
  );
}

/** The given values as JSON text. Numbers are written as typed, so that 64-bit ones stay exact. */
function externalFields(form: HTMLFormElement | null, fields: FaceSetInfo['external_fields']): string {
  const given = new FormData(form ?? undefined);
  const members = Object.entries(fields).flatMap(([name, { type }]) => {
    const text = String(given.get(name) ?? '').trim();
    if (text === '') return [];
    return [`${JSON.stringify(name)}:${type === 'string' ? JSON.stringify(text) : text}`];
  });
  return `{${members.join(',')}}`;
}
