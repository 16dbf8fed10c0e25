import { once } from '@openfrs/contract';
import * as z from 'zod';

/** Who reads a setting. */
export type Reader =
  /** Every process of the service: functions, servers and the command line. */
  | 'service'
  /** `npm start`, `openfrs serve` and the container. */
  | 'server'
  /** Clients of the service: the command line, and what `credentials.env` tells. */
  | 'client'
  /** `sst deploy`. */
  | 'deployment';

export interface Setting<Value = unknown> {
  /** Text to value, made for a setting that is given: no process is given many of them. */
  readonly schema: () => z.ZodType<Value, string>;
  /** As the page of settings shows it. */
  readonly preset: string;
  readonly meaning: string;
  readonly reader: Reader;
  /** May also be named as a file, by the same name with `_FILE`. */
  readonly file?: boolean;
}

type Text = Omit<Setting, 'schema' | 'preset'>;

/** A message for what is wrong with the value itself; the name goes before it. */
const must = (what: string) => (issue: { readonly input?: unknown }) =>
  `must be ${what}, not "${String(issue.input)}".`;

const anyText = once(() => z.string());

export const text = (rest: Text, preset = ''): Setting<string> => ({
  ...rest,
  preset,
  schema: anyText,
});

/** A whole number in [minimum, maximum]; `unit` is what is counted, for people. */
export function whole(
  [minimum, maximum]: readonly [number, number],
  { unit, preset, ...rest }: Text & { readonly unit: string; readonly preset: string },
): Setting<number> {
  const wrong = must(`a whole number from ${minimum} to ${maximum}`);
  const schema = () =>
    z
      .string()
      .refine(
        (value) => {
          const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
          return number >= minimum && number <= maximum;
        },
        { error: wrong },
      )
      .transform(Number);
  return { ...rest, preset: unit === '' ? preset : `${preset} (${unit})`, schema };
}

/** On or off; what is neither is a mistake. */
export const flag = (rest: Text): Setting<boolean> => ({
  ...rest,
  preset: 'off',
  schema: () =>
    z
      .string()
      .refine((value) => ['1', 'true', '0', 'false'].includes(value), { error: must('1 or 0') })
      .transform((value) => value === '1' || value === 'true'),
});

/** One of these; the first is the preset. */
export const choice = <const Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
  rest: Text,
): Setting<Choice> => ({
  ...rest,
  preset: choices[0],
  schema: () =>
    z.enum(choices, { error: must(choices.join(' or ')) }) as unknown as z.ZodType<Choice, string>,
});

/** Separated by commas; each is checked by `isItem`. */
export const list = (
  rest: Text,
  what?: string,
  isItem: (item: string) => boolean = () => true,
): Setting<readonly string[]> => ({
  ...rest,
  preset: 'none',
  schema: () =>
    z
      .string()
      .transform((value) =>
        value
          .split(',')
          .map((item) => item.trim().toLowerCase())
          .filter((item) => item !== ''),
      )
      .superRefine((items, context) => {
        const wrong = items.find((item) => !isItem(item));
        if (wrong !== undefined)
          context.addIssue({ code: 'custom', message: `must be ${what}, not "${wrong}".` });
      }),
});

export const url = (rest: Text, preset: string): Setting<string> => ({
  ...rest,
  preset,
  schema: () =>
    z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
      error: must('an http or https URL'),
    }),
});

/** Its value is in no message. */
export const secret = (rest: Text, preset = 'none'): Setting<string> => ({
  ...text(rest, preset),
  file: true,
});
