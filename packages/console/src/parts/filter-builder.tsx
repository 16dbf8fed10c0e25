import { useState } from 'preact/hooks';
import type { FaceSetInfo, FieldType } from '../data/answers.ts';
import { useText } from '../data/language.ts';

interface Condition {
  readonly field: string;
  readonly test: 'is' | 'is not' | 'from' | 'to';
  readonly value: string;
}

/** Builds the text of a filter, and shows it: it may also be written by hand. */
export function FilterBuilder(props: {
  fields: FaceSetInfo['external_fields'];
  filter: string;
  onFilter: (filter: string) => void;
}) {
  const t = useText();
  const testNames = { is: t('is'), 'is not': t('is not'), from: t('from'), to: t('to') };
  const names = [...Object.keys(props.fields), 'external_image_id', 'face_id'];
  const [conditions, setConditions] = useState<readonly Condition[]>([]);
  const change = (next: readonly Condition[]) => {
    setConditions(next);
    props.onFilter(
      next
        .filter(({ value }) => value !== '')
        .map(filterText)
        .join(' && '),
    );
  };
  const edit = (index: number, part: Partial<Condition>) =>
    change(conditions.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <fieldset>
      <legend>{t('Filter')}</legend>
      {conditions.map((condition, index) => (
        <div class="row" key={index}>
          <select
            aria-label={t('Field')}
            value={condition.field}
            onChange={(e) => edit(index, { field: e.currentTarget.value })}
          >
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <select
            aria-label={t('Condition')}
            value={condition.test}
            onChange={(e) => edit(index, { test: e.currentTarget.value as Condition['test'] })}
          >
            {testsOf(props.fields[condition.field]?.type).map((test) => (
              <option key={test} value={test}>
                {testNames[test]}
              </option>
            ))}
          </select>
          <input
            aria-label={t('Value')}
            value={condition.value}
            onInput={(e) => edit(index, { value: e.currentTarget.value })}
          />
          <button
            type="button"
            class="plain"
            onClick={() => change(conditions.filter((_, at) => at !== index))}
          >
            {t('Remove')}
          </button>
        </div>
      ))}
      <button
        type="button"
        class="plain"
        onClick={() => change([...conditions, { field: names[0] as string, test: 'is', value: '' }])}
      >
        {t('Add a condition')}
      </button>
      <label>
        {t('Filter text')}
        <input class="code" value={props.filter} onInput={(e) => props.onFilter(e.currentTarget.value)} />
      </label>
    </fieldset>
  );
}

function testsOf(type: FieldType | undefined): readonly Condition['test'][] {
  const numeric = type !== undefined && type !== 'string' && type !== 'boolean';
  return numeric ? ['is', 'is not', 'from', 'to'] : ['is', 'is not'];
}

function filterText({ field, test, value }: Condition): string {
  switch (test) {
    case 'is':
      return `${field}:${value}`;
    case 'is not':
      return `(!${field}:${value})`;
    case 'from':
      return `${field}:[${value} TO *]`;
    case 'to':
      return `${field}:[* TO ${value}]`;
  }
}
