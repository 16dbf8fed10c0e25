import type { FrsClient } from '@openfrs/client';
import type { Command } from 'commander';
import { beginDrawing, type Drawing } from '../annotated/annotated-photos.ts';
import { openApi, photoFile } from '../api/api.ts';
import { largestFace } from '../api/largest-face.ts';
import type { Output } from '../terminal/output.ts';
import { annotateOptions, isDrawn, wantedOf } from './annotate-options.ts';
import { addCommand, type Session } from './command.ts';

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
      const path = args.one('file');
      const file = await photoFile(path);
      const wanted = wantedOf(args);
      const drawing = await beginDrawing([path], [path], wanted, 'Liveness');
      const draw = async (output: Judgement, picture: Uint8Array<ArrayBuffer> | undefined) =>
        isDrawn(wanted) ? await drawn(api, drawing, path, output, picture) : output;
      const actions = args.maybe('actions');
      if (actions === undefined) {
        const response = await api.liveDetectFace({ image_file: file });
        const { alive, confidence } = response.result;
        return await draw(judgement(alive, { confidence }, response), undefined);
      }
      const response = await api.liveDetect({ video_file: file, actions, advice: true });
      const { alive, actions: done, picture } = response['video-result'];
      const shown = done.map(({ action, confidence }) => `${action} (${confidence})`);
      const warnings = response['warning-list'].map(({ warningMsg, advice }) =>
        [warningMsg, advice ?? []].flat().join(' '),
      );
      // Of a video its best frame is drawn; there is none where no face was seen.
      return await draw(
        judgement(alive, { actions: shown, warnings }, response),
        new Uint8Array(Buffer.from(picture, 'base64')),
      );
    },
  });
}

/**
 * Draws what was judged, and gives it back; where that fails, a note says so.
 * @param picture of a video; that of the file if absent
 */
async function drawn(
  api: FrsClient,
  drawing: Drawing,
  file: string,
  output: Judgement,
  picture: Uint8Array<ArrayBuffer> | undefined,
): Promise<Judgement> {
  try {
    const shown = picture === undefined ? await photoFile(file) : new Blob([picture]);
    const box = shown.size === 0 ? undefined : await largestFace(api, shown);
    const isGood = output.record.alive === true;
    const marks = box === undefined ? [] : [{ box, tag: isGood ? 'live' : 'not live', isGood }];
    await drawing.add({ file, marks, rows: [output.record], ...(picture !== undefined && { picture }) });
    await drawing.end();
    return output;
  } catch (error) {
    return { ...output, note: `It was not drawn: ${String(error)}` };
  }
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
