import type { Command } from 'commander';
import { openApi, photoFile } from '../api/api.ts';
import type { Output } from '../terminal/output.ts';
import { addCommand, type Session } from './command.ts';

/** Liveness through the API. */
export function liveCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'live <file>',
    summary:
      'Judge whether a photo shows a live person, or a video one who does the actions asked for. Example: openfrs live video.mp4 --actions 1,3',
    options: [
      ['--actions <codes>', 'of a video, in order: 1 turn left, 2 turn right, 3 nod, 4 open the mouth'],
    ],
    async runWithoutStores(args, { terminal }) {
      const api = await openApi(terminal.environment);
      const file = await photoFile(args.one('file'));
      const actions = args.maybe('actions');
      if (actions === undefined) {
        const response = await api.liveDetectFace({ image_file: file });
        const { alive, confidence } = response.result;
        return judgement(alive, { confidence }, response);
      }
      const response = await api.liveDetect({ video_file: file, actions });
      const { alive, actions: done } = response['video-result'];
      const shown = done.map(({ action, confidence }) => `${action} (${confidence})`);
      const warnings = response['warning-list'].map(({ warningMsg }) => warningMsg);
      return judgement(alive, { actions: shown, warnings }, response);
    },
  });
}

/** Exit code 1 where nobody lives: a script can ask. The picture is for programs (`--json`). */
function judgement(
  alive: boolean,
  more: Readonly<Record<string, number | readonly string[]>>,
  document: unknown,
): Output {
  return { record: { alive, ...more }, document, failed: !alive };
}
