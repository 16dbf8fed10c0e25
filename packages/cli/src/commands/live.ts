import type { FrsClient } from '@openfrs/client';
import type { Command } from 'commander';
import { annotateOptions, writeAnnotated } from '../annotated/annotated-photos.ts';
import { openApi, photoFile } from '../api/api.ts';
import { largestFace } from '../api/largest-face.ts';
import type { Output } from '../terminal/output.ts';
import { type Arguments, addCommand, type Session } from './command.ts';

/** Liveness through the API. */
export function liveCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'live <file>',
    summary:
      'Judge whether a photo shows a live person, or a video one who does the actions asked for. Example: openfrs live video.mp4 --actions 1,3',
    options: [
      ['--actions <codes>', 'of a video, in order: 1 turn left, 2 turn right, 3 nod, 4 open the mouth'],
      ...annotateOptions,
    ],
    async runWithoutStores(args, { terminal }) {
      const api = await openApi(terminal.environment);
      const file = await photoFile(args.one('file'));
      const actions = args.maybe('actions');
      if (actions === undefined) {
        const response = await api.liveDetectFace({ image_file: file });
        const { alive, confidence } = response.result;
        const output = judgement(alive, { confidence }, response);
        await draw(api, args, output, undefined);
        return output;
      }
      const response = await api.liveDetect({ video_file: file, actions });
      const { alive, actions: done, picture } = response['video-result'];
      const shown = done.map(({ action, confidence }) => `${action} (${confidence})`);
      const warnings = response['warning-list'].map(({ warningMsg }) => warningMsg);
      const output = judgement(alive, { actions: shown, warnings }, response);
      // Of a video its best frame is drawn; there is none where no face was seen.
      await draw(api, args, output, new Uint8Array(Buffer.from(picture, 'base64')));
      return output;
    },
  });
}

/** @param picture of a video; that of the file if absent */
async function draw(
  api: FrsClient,
  args: Arguments,
  { record }: Judgement,
  picture: Uint8Array<ArrayBuffer> | undefined,
): Promise<void> {
  const wanted = { annotate: args.maybe('annotate'), html: args.maybe('html') };
  if (wanted.annotate === undefined && wanted.html === undefined) return;
  const file = args.one('file');
  const shown = picture === undefined ? await photoFile(file) : new Blob([picture]);
  const box = shown.size === 0 ? undefined : await largestFace(api, shown);
  const tag = record.alive === true ? 'live' : 'not live';
  const marks = box === undefined ? [] : [{ box, tag, isGood: record.alive === true }];
  const photo = { file, marks, rows: [record], ...(picture !== undefined && { picture }) };
  await writeAnnotated([photo], wanted, 'Liveness');
}

type Judgement = Extract<Output, { readonly failed?: boolean; readonly record: object }>;

/** Exit code 1 where nobody lives: a script can ask. The picture is for programs (`--json`). */
function judgement(
  alive: boolean,
  more: Readonly<Record<string, number | readonly string[]>>,
  document: unknown,
): Judgement {
  return { record: { alive, ...more }, document, failed: !alive };
}
