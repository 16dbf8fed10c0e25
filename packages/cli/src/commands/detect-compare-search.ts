import { FrsApiError } from '@openfrs/client';
import { defaultPathField, pathOfValue } from '@openfrs/contract/path-value';
import type { Command } from 'commander';
import pMap from 'p-map';
import { openApi, photoFile } from '../api/api.ts';
import { photosOf } from '../api/photos.ts';
import { CliError } from '../failure.ts';
import { type Box, boxText } from '../terminal/box-text.ts';
import type { Output, Row } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { type Arguments, addCommand, type Session } from './command.ts';
import { numberOf } from './numbers.ts';
import { setOf, setOption } from './set-option.ts';

/** The contract's usual threshold: one in 10,000 pairs of different people reaches it. */
const SAME_PERSON = 0.93;
const AT_ONCE = 2;

interface Found {
  readonly bounding_box: Box;
  readonly similarity?: number;
  readonly false_match_probability?: number;
  readonly external_image_id?: string;
  readonly face_id?: string;
  readonly external_fields?: Readonly<Record<string, unknown>>;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly faces: readonly Found[];
  /** Each face of the photo, where all were searched for. */
  readonly results?: readonly {
    readonly bounding_box: Box;
    readonly faces: readonly Found[];
  }[];
}

/** Verbs that show photos to the service, as its clients do. */
export function detectCompareSearchCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'detect <path...>',
    summary: 'Find faces in photos (files and folders)',
    options: [
      [
        '--attributes <codes>',
        'also tell these: 0 pose, 1 gender, 2 age, 3 landmarks, … 12 quality, 21 angle',
      ],
    ],
    runWithoutStores: async (args, { terminal }) => {
      const api = await openApi(terminal.environment);
      const attributes = args.maybe('attributes');
      return await each(args, terminal.stderr, (image_file) =>
        api.faceDetect({ image_file, ...(attributes !== undefined && { attributes }) }),
      );
    },
  });
  addCommand(program, session, {
    usage: 'compare <photo> <other>',
    summary: 'Tell how alike the largest faces of two photos are',
    async runWithoutStores(args, { terminal }) {
      const api = await openApi(terminal.environment);
      const paths = await photosOf([args.one('photo'), args.one('other')]);
      const [image1_file, image2_file] = await Promise.all(paths.map(photoFile));
      if (paths.length !== 2 || !image1_file || !image2_file) throw new CliError('Name two photos.');
      const { similarity } = await api.faceCompare({ image1_file, image2_file });
      return { record: { similarity, same: similarity >= SAME_PERSON } };
    },
  });
  addCommand(program, session, {
    usage: 'search <path...>',
    summary: 'Find the people of photos (files and folders) in a face set',
    options: [
      setOption,
      ['--top <number>', 'at most so many for each photo (default 10)'],
      ['--threshold <similarity>', `at least so alike (default ${SAME_PERSON})`],
      ['--filter <filter>', 'only faces whose fields match'],
      ['--people', 'one result a person: all faces of an external_image_id are compared as one'],
      [
        '--max-fpir <share>',
        'choose the threshold so that at most this share of searches by strangers finds anyone, for the size of the set',
      ],
      ['--all-faces', 'search for every face of a photo, not the largest only'],
    ],
    runWithoutStores: async (args, { terminal }) => {
      const set = setOf(args);
      const top_n = numberOf(args.maybe('top') ?? '10', 'The number');
      const filter = args.maybe('filter');
      const share = args.maybe('maxFpir');
      const least = args.maybe('threshold') ?? (share === undefined ? String(SAME_PERSON) : '0');
      const threshold = numberOf(least, 'The threshold');
      const api = await openApi(terminal.environment);
      return await each(args, terminal.stderr, (image_file) =>
        api.faceSearch({
          face_set_name: set,
          image_file,
          top_n,
          threshold,
          ...(filter !== undefined && { filter }),
          ...(args.flag('people') && { group_by: 'external_image_id' as const }),
          ...(share !== undefined && { max_fpir: numberOf(share, 'The share') }),
          ...(args.flag('allFaces') && { faces: 'all' as const }),
        }),
      );
    },
  });
}

async function each(
  args: Arguments,
  screen: Parameters<typeof progressBar>[0],
  ask: (photo: Blob) => Promise<Answer>,
): Promise<Output> {
  const files = await photosOf(args.many('path'));
  const bar = progressBar(screen);
  let done = 0;
  const answers = await pMap(
    files,
    async (file) => {
      const answer = await ask(await photoFile(file)).catch((error: unknown) => {
        if (error instanceof FrsApiError) return { error: error.code, message: error.message };
        throw error;
      });
      done += 1;
      bar.at(done, files.length);
      return { file, ...answer };
    },
    { concurrency: AT_ONCE },
  );
  bar.end();
  return {
    rows: answers.flatMap(rowsOf),
    document: answers,
    failed: answers.some((answer) => 'error' in answer),
    empty: 'No photo there.',
  };
}

/** The path of the photo that was enrolled, as `openfrs enrol` keeps it. */
const enrolledPhoto = (value: unknown) =>
  typeof value === 'string' ? { enrolled: pathOfValue(value) } : undefined;

function rowsOf(answer: Partial<Answer> & { readonly file: string; readonly error?: string }): Row[] {
  const { file, error, faces = [], results } = answer;
  if (error !== undefined) return [{ file, result: error }];
  if (results !== undefined) {
    return results.flatMap(({ bounding_box: box, faces: candidates }) =>
      (candidates.length === 0
        ? [{ file, result: 'nobody' }]
        : candidates.map((face) => rowOf(file, face))
      ).map((row) => ({ ...row, of: boxText(box) })),
    );
  }
  return faces.length === 0 ? [{ file, result: 'nobody' }] : faces.map((face) => rowOf(file, face));
}

function rowOf(file: string, found: Found): Row {
  const { bounding_box: box, similarity, false_match_probability: probability, attributes } = found;
  return {
    file,
    ...(similarity === undefined
      ? {}
      : {
          result: similarity.toFixed(4),
          ...(probability === undefined ? {} : { stranger: probability.toPrecision(2) }),
          image: found.external_image_id,
          face: found.face_id,
          ...enrolledPhoto(found.external_fields?.[defaultPathField]),
        }),
    box: boxText(box),
    ...(attributes === undefined ? {} : { attributes: JSON.stringify(attributes) }),
  };
}
