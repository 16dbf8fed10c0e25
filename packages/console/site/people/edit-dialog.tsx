import { useEffect, useRef, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { FaceSetInfo, FieldType, FieldValue, SetFace } from '../api/responses.ts';
import { DialogButtons } from '../components/dialog-buttons.tsx';
import { Failure, Notice } from '../components/notice.tsx';
import { useText } from '../i18n/language.ts';
import { fieldValue } from './field-values.ts';
import type { Person } from './group.ts';
import { facesMatching, setPath } from './lookup.ts';
import { personWithId } from './taken-id.ts';

/** What is changed of a face. */
interface Change {
  readonly external_image_id?: string;
  readonly external_fields?: Readonly<Record<string, FieldValue>>;
}

/**
 * Changes fields of all faces of the chosen people; of one person the image id too. A field that is left empty stays as it is:
 * the service can change values, not take them away.
 */
export function EditDialog(props: {
  info: FaceSetInfo;
  people: readonly Person[];
  onDone: (changed: readonly SetFace[]) => void;
  onClose: () => void;
}) {
  const t = useText();
  const api = useApi();
  const dialog = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<unknown>();
  const [done, setDone] = useState<number>();
  /** Who has the id that was typed, once that is found out: saving again makes the two one. */
  const [taken, setTaken] = useState<Person>();
  const { info, people } = props;
  const [only] = people.length === 1 ? people : [];
  useEffect(() => dialog.current?.showModal(), []);
  const save = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setError(undefined);
    setDone(0);
    try {
      const change = read(form);
      const { external_image_id: id } = change;
      if (id !== undefined && id !== taken?.id) {
        const other = await personWithId(api, info.face_set_name, id);
        setTaken(other);
        if (other) return setDone(undefined);
      }
      const changed: SetFace[] = [];
      for (const person of people) {
        // Faces of the person that no page has shown yet belong to it too.
        const faces = await facesMatching(api, info.face_set_name, `external_image_id:${person.id}`);
        for (const face of faces) {
          await api.call({
            method: 'PUT',
            path: `${setPath(info.face_set_name)}/faces`,
            json: { face_id: face.face_id, ...change },
          });
          changed.push({
            ...face,
            ...(change.external_image_id !== undefined && { external_image_id: change.external_image_id }),
            external_fields: { ...face.external_fields, ...change.external_fields },
          });
          setDone(changed.length);
        }
      }
      props.onDone(changed);
    } catch (failure) {
      setDone(undefined);
      setError(failure);
    }
  };
  const read = (form: FormData): Change => {
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const id = text('id');
    const fields = Object.entries(info.external_fields).flatMap(([name, { type }]) => {
      const given = text(`field ${name}`);
      if (given === '') return [];
      const value = fieldValue(type, given);
      if (value === undefined) throw new Error(t('{} is no value of {} ({}).', given, name, type));
      return [[name, value] as const];
    });
    if (fields.length === 0 && (id === '' || id === only?.id)) throw new Error(t('Nothing is changed.'));
    return {
      ...(only && id !== only.id && { external_image_id: id }),
      ...(fields.length > 0 && { external_fields: Object.fromEntries(fields) }),
    };
  };
  return (
    <dialog ref={dialog} aria-label={t('Edit')} onClose={props.onClose}>
      <form onSubmit={save}>
        <h2>{only ? t('Edit {}', only.name) : t('Edit {} people', people.length)}</h2>
        {only && (
          <label>
            external_image_id
            <input
              name="id"
              onInput={() => setTaken(undefined)}
              required
              pattern="[A-Za-z0-9_\-]{1,36}"
              defaultValue={only.id}
            />
          </label>
        )}
        {Object.entries(info.external_fields).map(([name, { type }]) => {
          const value = only ? own(only.faces[0], name) : undefined;
          return <FieldInput key={name} name={name} type={type} value={value} />;
        })}
        <p class="hint">{t('What is left empty stays as it is. All photos of a person are changed.')}</p>
        <Failure error={error} />
        {taken && (
          <Notice kind="warn">
            {t(
              '{} has the id {} already ({} photos). To save again makes the two one person for good.',
              taken.name,
              taken.id,
              taken.faces.length,
            )}
          </Notice>
        )}
        {done !== undefined && <p role="status">{t('Faces changed: {}', done)}</p>}
        <DialogButtons
          dialog={dialog}
          label={taken ? t('Make them one person') : t('Save')}
          disabled={done !== undefined}
        />
      </form>
    </dialog>
  );
}

const own = ({ external_fields: fields }: SetFace, name: string) =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

function FieldInput(props: { name: string; type: FieldType; value: FieldValue | undefined }) {
  const t = useText();
  const { name, type, value } = props;
  const title = `${name} (${type})`;
  if (type !== 'boolean') {
    return (
      <label>
        {title}
        <input name={`field ${name}`} placeholder={value === undefined ? t('unchanged') : String(value)} />
      </label>
    );
  }
  return (
    <label>
      {title}
      <select name={`field ${name}`} defaultValue="">
        <option value="">{t('unchanged')}</option>
        <option>true</option>
        <option>false</option>
      </select>
    </label>
  );
}
