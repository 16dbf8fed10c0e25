import { defaultPathField } from '@openfrs/contract/path-value';
import { useCallback, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { FieldType } from '../api/responses.ts';
import { Choice, EditableRows } from '../components/editable-rows.tsx';
import { Failure } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';

const fieldTypes: readonly FieldType[] = ['string', 'integer', 'long', 'float', 'double', 'boolean'];
const mostFields = 10;

export function CreateFaceSet({ onDone }: { onDone: (name: string) => void }) {
  const t = useText();
  const api = useApi();
  const [name, setName] = useState('');
  const [capacity, setCapacity] = useState(100_000);
  const [fields, setFields] = useState<readonly { name: string; type: FieldType }[]>([
    { name: defaultPathField, type: 'string' },
  ]);
  const create = useAsync(
    useCallback(
      async (json: { readonly face_set_name: string; readonly [field: string]: unknown }) => {
        await api.call({ method: 'POST', path: 'face-sets', json });
        onDone(json.face_set_name);
      },
      [api, onDone],
    ),
  );
  const submit = (event: Event) => {
    event.preventDefault();
    void create.start({
      face_set_name: name,
      face_set_capacity: capacity,
      external_fields: Object.fromEntries(fields.map((field) => [field.name, { type: field.type }])),
    });
  };
  return (
    <form class="card" onSubmit={submit}>
      <label>
        {t('Name')}
        <input
          required
          autocomplete="off"
          pattern="[A-Za-z0-9_\-]{1,64}"
          value={name}
          onInput={(e) => setName(e.currentTarget.value)}
        />
      </label>
      <label>
        {t('Capacity')}
        <input
          type="number"
          required
          min={10_000}
          step={10_000}
          value={capacity}
          onInput={(e) => setCapacity(e.currentTarget.valueAsNumber)}
        />
      </label>
      <EditableRows
        legend={t('Custom fields')}
        add={t('Add a field')}
        rows={fields}
        onRows={setFields}
        blank={{ name: '', type: 'string' }}
        most={mostFields}
        inputs={(field, edit, number) => (
          <>
            <input
              required
              aria-label={t('Name of field {}', number)}
              pattern="[A-Za-z0-9_\-]{1,36}"
              value={field.name}
              onInput={(e) => edit({ name: e.currentTarget.value })}
            />
            <Choice
              label={t('Type of field {}', number)}
              values={fieldTypes}
              value={field.type}
              onValue={(type) => edit({ type })}
            />
          </>
        )}
      />
      <p class="hint">
        {t(
          'The field file keeps the names of folders and photos as they are. Fields can not be changed later.',
        )}
      </p>
      <Failure error={create.error} />
      <button type="submit" disabled={create.busy}>
        {t('Create')}
      </button>
    </form>
  );
}
