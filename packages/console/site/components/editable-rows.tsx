import type { ComponentChildren } from 'preact';
import { useText } from '../i18n/language.ts';

/** A list of rows of inputs: each can be edited and removed, and one more added. */
export function EditableRows<Row extends object>(props: {
  readonly legend: string;
  readonly add: string;
  readonly rows: readonly Row[];
  readonly onRows: (rows: readonly Row[]) => void;
  /** What is added. */
  readonly blank: Row;
  readonly most?: number;
  /** The inputs of one row. */
  readonly inputs: (row: Row, edit: (part: Partial<Row>) => void, number: number) => ComponentChildren;
  /** Below the rows. */
  readonly children?: ComponentChildren;
}) {
  const t = useText();
  const { rows, onRows } = props;
  return (
    <fieldset>
      <legend>{props.legend}</legend>
      {rows.map((row, index) => (
        <div class="row" key={index}>
          {props.inputs(
            row,
            (part) => onRows(rows.map((one, at) => (at === index ? { ...one, ...part } : one))),
            index + 1,
          )}
          <button
            type="button"
            class="secondary"
            onClick={() => onRows(rows.filter((_, at) => at !== index))}
          >
            {t('Remove')}
          </button>
        </div>
      ))}
      <button
        type="button"
        class="secondary"
        disabled={props.most !== undefined && rows.length >= props.most}
        onClick={() => onRows([...rows, props.blank])}
      >
        {props.add}
      </button>
      {props.children}
    </fieldset>
  );
}

/** A choice among texts; what is shown for each may differ. */
export function Choice<Value extends string>(props: {
  readonly label: string;
  readonly values: readonly Value[];
  readonly value: Value;
  readonly onValue: (value: Value) => void;
  readonly shown?: (value: Value) => string;
}) {
  return (
    <select
      aria-label={props.label}
      value={props.value}
      onChange={(e) => props.onValue(e.currentTarget.value as Value)}
    >
      {props.values.map((value) => (
        <option key={value} value={value}>
          {props.shown?.(value) ?? value}
        </option>
      ))}
    </select>
  );
}
