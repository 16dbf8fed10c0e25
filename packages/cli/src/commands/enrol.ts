import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FrsApiError, type FrsClient } from '@openfrs/client';
import { defaultPathField } from '@openfrs/contract/path-value';
import { leastRecognizable } from '@openfrs/contract/usual-thresholds';
import type { Command } from 'commander';
import { openApi } from '../api/api.ts';
import { enrol } from '../enrol/enrol.ts';
import { type Entry, openJournal } from '../enrol/journal.ts';
import { CliError } from '../failure.ts';
import { csvOf } from '../files/csv.ts';
import { progressBar } from '../terminal/progress.ts';
import { addCommand, type Session } from './command.ts';
import { numberOf } from './numbers.ts';

const AT_ONCE = 4;

export function enrolCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'enrol <folder>',
    summary: 'Add every photo of a folder to a face set; can be cut off and repeated, nothing is added twice',
    options: [
      ['--set <name>', 'the face set'],
      ['--create', `make the face set, with the custom field ${defaultPathField}, if it is not there`],
      [
        '--path-field <name>',
        `the custom field (a string) that keeps each photo's path as it is (default: ${defaultPathField}, if the set has it)`,
      ],
      ['--parallel <number>', `photos at once (default ${AT_ONCE})`],
      ['--all', 'every face of a photo, not the largest only'],
      [
        '--people',
        'the photos of each folder are one person: one external_image_id, for searches with --people (needs the field of paths)',
      ],
      [
        '--min-recognizability <share>',
        `refuse photos that hold less of a person, 0 to 1 (default ${leastRecognizable}; 0: refuse none)`,
      ],
      ['--journal <file>', 'where it is kept what is done (default: in the folder)'],
      ['--failures <file>', 'write the photos that were refused to this CSV file, with the reasons'],
    ],
    async runWithoutStores(args, { terminal }) {
      const [folder, set] = [args.one('folder'), args.maybe('set')];
      if (set === undefined) throw new CliError('Say to which face set with --set.');
      const api = await openApi(terminal.environment);
      const wanted = args.maybe('pathField');
      const pathField = await fieldOfPaths(api, set, wanted, args.flag('create'));
      const bar = progressBar(terminal.stderr);
      const people = args.flag('people');
      if (people && pathField === undefined) {
        throw new CliError(
          `--people needs a set with the custom field ${defaultPathField}, or --path-field.`,
        );
      }
      const least = args.maybe('minRecognizability') ?? String(leastRecognizable);
      const { added, skipped, failed, folders } = await enrol(api, {
        folder,
        set,
        parallel: Math.max(1, numberOf(args.maybe('parallel') ?? String(AT_ONCE), 'The number')),
        all: args.flag('all'),
        pathField,
        people,
        minRecognizability: numberOf(least, 'The share'),
        journal: await openJournal(args.maybe('journal') ?? join(folder, `.openfrs-${set}.jsonl`)),
        onProgress: bar.at,
      }).finally(() => bar.end());
      const file = args.maybe('failures');
      if (file !== undefined) await writeFile(file, csvOf(['file', 'code', 'reason'], failed));
      const counts = { added, skipped, failed: failed.length };
      return {
        record: { ...counts, ...byReason(failed) },
        document: { ...counts, failures: failed.map(({ file, code, reason }) => ({ file, code, reason })) },
        failed: failed.length > 0,
        ...notes([
          pathField === undefined &&
            `The face set has no custom field ${defaultPathField} of type string: only the journal tells which photo an external_image_id is of.`,
          !people &&
            folders > 0 &&
            `${folders} folders hold several photos. If each is one person, enrol with --people and search with --people: several photos of a person are found far more often than one.`,
          failed.some(({ code }) => code === 'FRS.0708') &&
            'Photos that hold too little of a person were refused (FRS.0708): take better ones, or lower --min-recognizability.',
        ]),
      };
    },
  });
}

/**
 * The set's field for the paths of photos: an id takes letters, digits, `_` and `-` only, but folders have names of people.
 * @throws CliError the set is not there and isn't to be made, or it has no such field
 */
async function fieldOfPaths(
  api: FrsClient,
  face_set_name: string,
  wanted: string | undefined,
  create: boolean,
): Promise<string | undefined> {
  const field = wanted ?? defaultPathField;
  const shown = await api.faceSetShow({ face_set_name }).catch((error: unknown) => {
    if (!(error instanceof FrsApiError && error.code === 'FRS.0302')) throw error;
    if (!create) throw new CliError(`FRS.0302: ${error.message} Take --create to make it.`);
    return undefined;
  });
  if (shown === undefined) {
    await api.faceSetCreate({ face_set_name, external_fields: { [field]: { type: 'string' } } });
    return field;
  }
  const { external_fields: fields } = shown.face_set_info;
  if (Object.hasOwn(fields, field) && fields[field]?.type === 'string') return field;
  if (wanted === undefined) return undefined;
  throw new CliError(`The face set ${face_set_name} has no custom field ${wanted} of type string.`);
}

function notes(lines: readonly (string | false)[]): { readonly note?: string } {
  const said = lines.filter((line) => line !== false);
  return said.length === 0 ? {} : { note: said.join('\n') };
}

function byReason(failed: readonly Entry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code = '', reason = '' } of failed) {
    const name = `${code} ${reason}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
