import { useCallback, useState } from 'preact/hooks';
import type { FieldType } from '../data/answers.ts';
import { useApi } from '../data/api.ts';
import { useText } from '../data/language.ts';
import { Failure } from '../parts/notice.tsx';
import { useWork } from '../parts/use-work.ts';

export const fieldTypes: readonly FieldType[] = ['string', 'integer', 'long', 'float', 'double', 'boolean'];
const mostFields = 10;

export function CreateFaceSet({ onDone }: { onDone: () => void }) {
  const t = useText();
  const api = useApi();
  const [name, setName] = useState('');
  const [capacity, setCapacity] = useState(100_000);
  const [fields, setFields] = useState<readonly { name: string; type: FieldType }[]>([]);
  const create = useWork(
    useCallback(
      async (json: unknown) => {
        await api.call({ method: 'POST', path: 'face-sets', json });
        onDone();
      },
      [api, onDone],
    ),
  );
  const change = (index: number, next: Partial<{ name: string; type: FieldType }>) =>
    setFields(fields.map((field, at) => (at === index ? { ...field, ...next } : field)));
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
      <fieldset>
        <legend>{t('Custom fields')}</legend>
        {fields.map((field, index) => (
          <div class="row" key={index}>
            <input
              required
              aria-label={t('Name of field {}', index + 1)}
              pattern="[A-Za-z0-9_\-]{1,36}"
              value={field.name}
              onInput={(e) => change(index, { name: e.currentTarget.value })}
            />
            <select
              aria-label={t('Type of field {}', index + 1)}
              value={field.type}
              onChange={(e) => change(index, { type: e.currentTarget.value as FieldType })}
            >
              {fieldTypes.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </select>
            <button
              type="button"
              class="plain"
              onClick={() => setFields(fields.filter((_, at) => at !== index))}
            >
              {t('Remove')}
            </button>
          </div>
        ))}
        <button
          type="button"
          class="plain"
          disabled={fields.length >= mostFields}
          onClick={() => setFields([...fields, { name: '', type: 'string' }])}
        >
          {t('Add a field')}
        </button>
      </fieldset>
      <Failure error={create.error} />
      <button type="submit" disabled={create.busy}>
        {t('Create')}
      </button>
    </form>
  );
}
