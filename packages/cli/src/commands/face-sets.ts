import { fieldTypes } from '@openfrs/contract';
import type { Command } from 'commander';
import { openApi } from '../api/api.ts';
import { fieldDefinition } from '../api/custom-fields.ts';
import type { Row } from '../terminal/output.ts';
import { group, type Session } from './command.ts';
import { numberOf } from './numbers.ts';
import { reindexCommand } from './reindex.ts';

interface FaceSet {
  readonly face_set_name: string;
  readonly face_set_id: string;
  readonly face_number: number;
  readonly face_set_capacity: number;
  readonly external_fields: Readonly<Record<string, { readonly type: string }>>;
  readonly create_date: string;
}

/** Face sets through the API, as clients see them. */
export function faceSetCommands(program: Command, session: Session): void {
  group(program, session, 'set', 'Face sets of the project', [
    {
      usage: 'list',
      summary: 'All of them, with their faces and fields. Example: openfrs set list',
      async runWithoutStores(_, { terminal }) {
        const { face_sets_info } = await (await openApi(terminal.environment)).faceSetList();
        return { rows: face_sets_info.map(rowOf), document: face_sets_info, empty: 'No face set there.' };
      },
    },
    {
      usage: 'show <set>',
      summary: 'One of them. Example: openfrs set show people',
      async runWithoutStores(args, { terminal }) {
        const api = await openApi(terminal.environment);
        const { face_set_info } = await api.faceSetShow({ face_set_name: args.one('set') });
        return { record: rowOf(face_set_info), document: face_set_info };
      },
    },
    {
      usage: 'create <set>',
      summary:
        'A new one. Example: openfrs set create people --capacity 20000 --field site:string age:integer',
      options: [
        ['--capacity <faces>', 'room for so many faces (default 100,000)'],
        ['--field <name:type...>', `custom fields; a type is ${fieldTypes.join(', ')}`],
      ],
      async runWithoutStores(args, { terminal }) {
        const capacity = args.maybe('capacity');
        const fields = args.many('field').map(fieldDefinition);
        const api = await openApi(terminal.environment);
        const { face_set_info } = await api.faceSetCreate({
          face_set_name: args.one('set'),
          ...(capacity !== undefined && { face_set_capacity: numberOf(capacity, 'The capacity') }),
          ...(fields.length > 0 && { external_fields: Object.fromEntries(fields) }),
        });
        return { record: rowOf(face_set_info), document: face_set_info };
      },
    },
    {
      usage: 'delete <set>',
      summary: 'Delete it with all of its faces. Example: openfrs set delete people',
      async runWithoutStores(args, { terminal }) {
        const api = await openApi(terminal.environment);
        const { face_set_name } = await api.faceSetDelete({ face_set_name: args.one('set') });
        return { done: `The face set ${face_set_name} is deleted.`, record: { face_set_name } };
      },
    },
    reindexCommand,
  ]);
}

function rowOf({ face_set_name, face_set_id, face_number, ...rest }: FaceSet): Row {
  return {
    name: face_set_name,
    faces: face_number,
    capacity: rest.face_set_capacity,
    fields: Object.entries(rest.external_fields).map(([name, { type }]) => `${name}:${type}`),
    created: rest.create_date,
    id: face_set_id,
  };
}
