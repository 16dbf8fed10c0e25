import { FrsApiError } from '@openfrs/client';
import { samePersonFrom } from '@openfrs/contract/usual-thresholds';
import type { Command } from 'commander';
import { pMapIterable } from 'p-map';
import { beginDrawing } from '../annotated/annotated-photos.ts';
import { marksOf } from '../annotated/marks.ts';
import { openApi, photoFile } from '../api/api.ts';
import { type Answer, enrolledPath, type Found } from '../api/found.ts';
import { largestFace } from '../api/largest-face.ts';
import { photosOf } from '../api/photos.ts';
import { CliError } from '../failure.ts';
import { boxText } from '../terminal/box-text.ts';
import type { Output, Row } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { annotateOptions, isDrawn, wantedOf } from './annotate-options.ts';
import { type Arguments, addCommand, type Session } from './command.ts';
import { numberOf } from './numbers.ts';
import { setOf, setOption } from './set-option.ts';

const AT_ONCE = 2;

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
      ...annotateOptions,
    ],
    runWithoutStores: async (args, { terminal }) => {
      const api = await openApi(terminal.environment);
      const attributes = args.maybe('attributes');
      const ask = (image_file: Blob) =>
        api.faceDetect({ image_file, ...(attributes !== undefined && { attributes }) });
      return await each(args, 'Faces', terminal.stderr, ask);
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
      return { record: { similarity, same: similarity >= samePersonFrom } };
    },
  });
  addCommand(program, session, {
    usage: 'search <path...>',
    summary: 'Find the people of photos (files and folders) in a face set',
    options: [
      setOption,
      ['--top <number>', 'at most so many for each photo (default 10)'],
      ['--threshold <similarity>', `at least so alike (default ${samePersonFrom})`],
      ['--filter <filter>', 'only faces whose fields match'],
      ['--people', 'one result a person: all faces of an external_image_id are compared as one'],
      [
        '--max-fpir <share>',
        'choose the threshold so that at most this share of searches by strangers finds anyone, for the size of the set',
      ],
      ['--all-faces', 'search for every face of a photo, not the largest only'],
      ...annotateOptions,
    ],
    runWithoutStores: async (args, { terminal }) => {
      const set = setOf(args);
      const top_n = numberOf(args.maybe('top') ?? '10', 'The number');
      const filter = args.maybe('filter');
      const share = args.maybe('maxFpir');
      const least = args.maybe('threshold') ?? (share === undefined ? String(samePersonFrom) : '0');
      const threshold = numberOf(least, 'The threshold');
      const api = await openApi(terminal.environment);
      return await each(args, `People of ${set}`, terminal.stderr, async (image_file) => {
        const [answer, searched] = await Promise.all([
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
          // The answer has the box of a searched face only where all are searched for.
          isDrawn(wantedOf(args)) && !args.flag('allFaces') ? largestFace(api, image_file) : undefined,
        ]);
        return searched === undefined ? answer : { ...answer, searched };
      });
    },
  });
}

/** A photo's answer, or the refusal. */
type Asked = { readonly file: string } & (Answer | { readonly error: string; readonly message: string });

/** @param title of the page that is written */
async function each(
  args: Arguments,
  title: string,
  screen: Parameters<typeof progressBar>[0],
  ask: (photo: Blob) => Promise<Answer>,
): Promise<Output> {
  const paths = args.many('path');
  const files = await photosOf(paths);
  const drawing = await beginDrawing(paths, files, wantedOf(args), title);
  const bar = progressBar(screen);
  const asked = pMapIterable(
    files,
    async (file) => {
      const answer = await ask(await photoFile(file)).catch((error: unknown) => {
        if (error instanceof FrsApiError) return { error: error.code, message: error.message };
        throw error;
      });
      return { file, ...answer };
    },
    { concurrency: AT_ONCE },
  );
  const answers: Asked[] = [];
  let undrawn: unknown;
  // What was asked is told, whatever becomes of the pictures: a full disk, say.
  const keep = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      undrawn ??= error;
    });
  try {
    for await (const answer of asked) {
      answers.push(answer);
      const marks = 'error' in answer ? [] : marksOf(answer);
      if (undrawn === undefined) await keep(drawing.add({ file: answer.file, marks, rows: rowsOf(answer) }));
      bar.at(answers.length, files.length);
    }
  } finally {
    await keep(drawing.end());
  }
  bar.end();
  if (undrawn !== undefined) screen.write(`Not all was drawn: ${String(undrawn)}\n`);
  return {
    rows: answers.flatMap(rowsOf),
    document: answers.map((answer) => {
      if ('error' in answer) return answer;
      const { searched: _searched, ...own } = answer;
      return own;
    }),
    failed: undrawn !== undefined || answers.some((answer) => 'error' in answer),
    empty: 'No photo there.',
  };
}

function rowsOf(answer: Asked): Row[] {
  const { file } = answer;
  if ('error' in answer) return [{ file, result: answer.error }];
  const { faces, results } = answer;
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
  const enrolled = enrolledPath(found);
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
          ...(enrolled === undefined ? {} : { enrolled }),
        }),
    box: boxText(box),
    ...(attributes === undefined ? {} : { attributes: JSON.stringify(attributes) }),
  };
}
