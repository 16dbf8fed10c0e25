import { useState } from 'preact/hooks';
import type { FaceSetInfo, FieldType } from '../api/responses.ts';
import { useText } from '../i18n/language.ts';
import { Choice, EditableRows } from './editable-rows.tsx';

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
  return (
    <EditableRows
      legend={t('Filter')}
      add={t('Add a condition')}
      rows={conditions}
      onRows={change}
      blank={{ field: names[0] as string, test: 'is', value: '' }}
      inputs={(condition, edit) => (
        <>
          <Choice
            label={t('Field')}
            values={names}
            value={condition.field}
            onValue={(field) => {
              const fits = testsOf(props.fields[field]?.type).includes(condition.test);
              edit({ field, ...(!fits && { test: 'is' }) });
            }}
          />
          <Choice
            label={t('Condition')}
            values={testsOf(props.fields[condition.field]?.type)}
            value={condition.test}
            onValue={(test) => edit({ test })}
            shown={(test) => testNames[test]}
          />
          <input
            aria-label={t('Value')}
            value={condition.value}
            onInput={(e) => edit({ value: e.currentTarget.value })}
          />
        </>
      )}
    >
      <label>
        {t('Filter text')}
        <input class="code" value={props.filter} onInput={(e) => props.onFilter(e.currentTarget.value)} />
      </label>
    </EditableRows>
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
