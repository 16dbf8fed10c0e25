import { readJson } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import { quote } from './quote.ts';

/** A request as a command of `openfrs`; undefined where it has none for it. */
export function commandLine(request: ApiRequest): string | undefined {
  const words = wordsOf(request);
  return (
    words && `npx openfrs ${words.map((word) => (/^[\w./:=,-]+$/.test(word) ? word : quote(word))).join(' ')}`
  );
}

const text = (value: unknown): string => (value instanceof File ? value.name : String(value));

function wordsOf({ method, path, form, json }: ApiRequest): string[] | undefined {
  const [address = '', query = ''] = path.split('?');
  const [first = '', encoded = '', last = '', part] = address.split('/');
  const set = decodeURIComponent(encoded);
  const given: Readonly<Record<string, unknown>> = { ...Object.fromEntries(new URLSearchParams(query)) };
  const body: Readonly<Record<string, unknown>> = { ...given, ...(json as object | undefined), ...form };
  /** `--name value` of each that is given. */
  const options = (names: Readonly<Record<string, string>>) =>
    Object.entries(names).flatMap(([name, option]) =>
      body[name] === undefined || body[name] === '' ? [] : [option, text(body[name])],
    );
  const flag = (name: string, value: string, option: string) => (text(body[name]) === value ? [option] : []);
  const ofSet = ['--set', set];
  // Photos of a bucket, and faces to search with, are for the API alone.
  if (body.image_url !== undefined || body.video_url !== undefined || body.image1_url !== undefined) return;
  if (body.image2_url !== undefined) return;
  switch (`${method} ${first}${encoded && '/set'}${last && `/${last}`}`) {
    case 'POST face-detect':
      return ['detect', text(body.image_file), ...options({ attributes: '--attributes' })];
    case 'POST face-compare':
      return ['compare', text(body.image1_file), text(body.image2_file)];
    case 'POST live-detect':
      return body.actions === undefined
        ? undefined
        : ['live', text(body.video_file), '--actions', text(body.actions)];
    case 'GET face-sets':
      return ['set', 'list'];
    case 'POST face-sets':
      return [
        ...['set', 'create', text(body.face_set_name)],
        ...options({ face_set_capacity: '--capacity' }),
        ...fields(body.external_fields, (name, value) => `${name}:${(value as { type: string }).type}`),
      ];
    case 'GET face-sets/set':
      return ['set', 'show', set];
    case 'DELETE face-sets/set':
      return ['set', 'delete', set];
    case 'POST face-sets/set/search':
      if (body.image_file === undefined) return undefined;
      return [
        ...['search', text(body.image_file), ...ofSet],
        ...options({ top_n: '--top', threshold: '--threshold', max_fpir: '--max-fpir', filter: '--filter' }),
        ...flag('group_by', 'external_image_id', '--people'),
        ...flag('faces', 'all', '--all-faces'),
      ];
    case 'POST face-sets/set/faces':
      return [
        ...['face', 'add', text(body.image_file), ...ofSet],
        ...options({ external_image_id: '--image-id' }),
        ...fields(values(body.external_fields), (name, value) => `${name}=${value}`),
        ...flag('single', 'true', '--single'),
      ];
    case 'GET face-sets/set/faces':
      if (body.face_id !== undefined) return ['face', 'show', text(body.face_id), ...ofSet];
      return ['face', 'list', ...ofSet, ...options({ offset: '--offset', limit: '--limit' })];
    case 'PUT face-sets/set/faces':
      return [
        ...['face', 'update', text(body.face_id), ...ofSet, ...options({ external_image_id: '--image-id' })],
        ...fields(body.external_fields, (name, value) => `${name}=${value}`),
      ];
    case 'DELETE face-sets/set/faces':
      if (part === 'batch') return ['face', 'delete', ...ofSet, ...options({ filter: '--filter' })];
      return [
        ...['face', 'delete', ...ofSet],
        ...options({ face_id: '--face', external_image_id: '--image-id' }),
      ];
    default:
      return undefined;
  }
}

/** In a form they are JSON text. */
const values = (given: unknown): unknown => (typeof given === 'string' ? readJson(given) : given);

function fields(given: unknown, word: (name: string, value: unknown) => string): string[] {
  const entries = Object.entries((given ?? {}) as Readonly<Record<string, unknown>>);
  return entries.length === 0 ? [] : ['--field', ...entries.map(([name, value]) => word(name, value))];
}
