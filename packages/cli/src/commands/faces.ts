import { defaultPathField } from '@openfrs/contract/path-value';
import type { Command } from 'commander';
import { openApi, photoFile } from '../api/api.ts';
import { fieldValues } from '../api/custom-fields.ts';
import { enrolledPath } from '../api/found.ts';
import { CliError } from '../failure.ts';
import { type Box, boxText } from '../terminal/box-text.ts';
import type { Row } from '../terminal/output.ts';
import { group, type Session } from './command.ts';
import { numberOf } from './numbers.ts';
import { setOf, setOption } from './set-option.ts';

/** A face as the API answers it. */
interface Face {
  readonly face_id: string;
  readonly external_image_id: string;
  readonly external_fields: Readonly<Record<string, unknown>>;
  readonly bounding_box: Box;
}

const fieldsOption = ['--field <name=value...>', 'custom fields'] as const;

/** Faces of a set through the API, as clients see them. */
export function faceCommands(program: Command, session: Session): void {
  group(program, session, 'face', 'Faces of a face set', [
    {
      usage: 'list',
      summary: 'Faces in the order of their adding. Example: openfrs face list --set people --limit 20',
      options: [
        setOption,
        ['--limit <number>', 'at most so many (default 100)'],
        ['--offset <number>', 'leave out the first so many'],
      ],
      async runWithoutStores(args, { terminal }) {
        const face_set_name = setOf(args);
        const limit = numberOf(args.maybe('limit') ?? '100', 'The limit');
        const offset = numberOf(args.maybe('offset') ?? '0', 'The offset');
        const { faces } = await (await openApi(terminal.environment)).faceList({
          face_set_name,
          limit,
          offset,
        });
        return { rows: faces.map(rowOf), document: faces, empty: 'No face there.' };
      },
    },
    {
      usage: 'show <face>',
      summary: 'One face by its face_id. Example: openfrs face show AbCdEfGh --set people',
      options: [setOption],
      async runWithoutStores(args, { terminal }) {
        const api = await openApi(terminal.environment);
        const face_set_name = setOf(args);
        const [face] = (await api.faceList({ face_set_name, face_id: args.one('face') })).faces;
        if (face === undefined) throw new CliError(`${face_set_name} has no face ${args.one('face')}.`);
        return { record: rowOf(face), document: face };
      },
    },
    {
      usage: 'add <photo>',
      summary:
        'Enrol the faces of a photo. Example: openfrs face add ann.jpg --set people --image-id ann --single',
      options: [
        setOption,
        ['--image-id <id>', 'external_image_id: one for all photos of a person'],
        fieldsOption,
        ['--single', 'the largest face only'],
      ],
      async runWithoutStores(args, { terminal }) {
        const api = await openApi(terminal.environment);
        const face_set_name = setOf(args);
        const external_image_id = args.maybe('imageId');
        const external_fields = await fieldValues(api, face_set_name, args.many('field'));
        const { faces } = await api.faceAdd({
          face_set_name,
          image_file: await photoFile(args.one('photo')),
          single: args.flag('single'),
          ...(external_image_id !== undefined && { external_image_id }),
          ...(external_fields !== undefined && { external_fields }),
        });
        return { rows: faces.map(rowOf), document: faces };
      },
    },
    {
      usage: 'update <face>',
      summary:
        'Change its names and fields. Example: openfrs face update AbCdEfGh --set people --field age=41',
      options: [setOption, ['--image-id <id>', 'another external_image_id'], fieldsOption],
      async runWithoutStores(args, { terminal }) {
        const api = await openApi(terminal.environment);
        const face_set_name = setOf(args);
        const external_image_id = args.maybe('imageId');
        const external_fields = await fieldValues(api, face_set_name, args.many('field'));
        if ((external_image_id ?? external_fields) === undefined)
          throw new CliError('Say what to change with --image-id or --field.');
        const { face_number } = await api.faceUpdate({
          face_set_name,
          face_id: args.one('face'),
          ...(external_image_id !== undefined && { external_image_id }),
          ...(external_fields !== undefined && { external_fields }),
        });
        return { record: { changed: face_number } };
      },
    },
    {
      usage: 'delete',
      summary: 'Delete faces. Example: openfrs face delete --set people --image-id ann',
      options: [
        setOption,
        ['--face <id>', 'the one of this face_id'],
        ['--image-id <id>', 'all of this external_image_id'],
        ['--filter <filter>', 'all whose fields match'],
      ],
      async runWithoutStores(args, { terminal }) {
        const face_set_name = setOf(args);
        const by = [args.maybe('face'), args.maybe('imageId'), args.maybe('filter')];
        if (by.filter((each) => each !== undefined).length !== 1)
          throw new CliError('Say which with one of --face, --image-id and --filter.');
        const [face_id, external_image_id, filter] = by;
        const api = await openApi(terminal.environment);
        const { face_number } =
          filter === undefined
            ? await api.faceDelete({
                face_set_name,
                field: face_id ? { face_id } : { external_image_id: external_image_id ?? '' },
              })
            : await api.faceDeleteBatch({ face_set_name, filter });
        return { record: { deleted: face_number } };
      },
    },
  ]);
}

function rowOf(face: Face): Row {
  const { face_id, external_image_id, external_fields, bounding_box: box } = face;
  const file = enrolledPath(face);
  const shown = { ...external_fields, ...(file !== undefined && { [defaultPathField]: file }) };
  return {
    face: face_id,
    image: external_image_id,
    fields: Object.entries(shown).map(([name, value]) => `${name}=${value}`),
    box: boxText(box),
  };
}
