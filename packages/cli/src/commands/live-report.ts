import { readFile, writeFile } from 'node:fs/promises';
import { type LivenessRequest, readActions, readConfig, readWindows } from '@openfrs/core';
import type { Command } from 'commander';
import { CliError } from '../failure.ts';
import { type Arguments, addCommand, type Session } from './command.ts';
import { numberOf } from './numbers.ts';

/** The contract's default of `nod_threshold`, in degrees. */
const NOD_DEGREES = 10;

export function liveReportCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'live-report <video>',
    summary:
      'Judge a video here and show what led to the verdict: yaw, pitch, mouth and anti-spoof score over time',
    options: [
      ['--actions <codes>', 'the actions asked for: 1 left, 2 right, 3 nod, 4 mouth, 5 blink (1,3)'],
      ['--action-time <windows>', 'a window for each, in milliseconds (1000-3000,4000-7000)'],
      ['--nod-threshold <degrees>', `of a nod (default ${NOD_DEGREES})`],
      ['--html <file>', 'write a page with plots'],
    ],
    async runWithoutStores(args, { terminal }) {
      const request = requestOf(args);
      const video = await readFile(args.one('video'));
      const { modelsDir, video: ffmpeg } = readConfig(terminal.environment);
      const { createLiveness, reportPage } = await import('@openfrs/liveness');
      const { createVideoDecoder } = await import('@openfrs/video');
      const liveness = await createLiveness({
        modelsDir,
        decoder: createVideoDecoder(ffmpeg),
      });
      try {
        const report = await liveness.reportVideo(video, request);
        const page = args.maybe('html');
        if (page !== undefined) await writeFile(page, reportPage(report));
        const { alive, actions, schedule, warnings, live, refusals } = report.judgement;
        terminal.stderr.write(
          `${alive ? 'Alive' : 'Not alive'}; warnings: ${warnings.join(', ') || 'none'}; live score: ${live?.toFixed(3) ?? 'none'}\n`,
        );
        for (const { check, action, value, limit, advice } of refusals) {
          const name = action === undefined ? check : `${check} ${action}`;
          terminal.stderr.write(`Failed: ${name} (${value.toFixed(2)}, limit ${limit}). ${advice}\n`);
        }
        return {
          rows: actions.map(({ action, confidence }, index) => {
            const found = schedule[index];
            const at =
              found === undefined ? 'not found' : `${Math.round(found.from)}–${Math.round(found.to)} ms`;
            return { action, found: at, confidence: confidence.toFixed(3) };
          }),
          document: report,
        };
      } finally {
        await liveness.close();
      }
    },
  });
}

function requestOf(args: Arguments): LivenessRequest {
  const codes = args.maybe('actions');
  if (codes === undefined) throw new CliError('Say which actions are asked for with --actions.');
  const actions = readActions(codes);
  const windows = args.maybe('actionTime');
  return {
    actions,
    nodThreshold: numberOf(args.maybe('nodThreshold') ?? String(NOD_DEGREES), 'The threshold'),
    ...(windows !== undefined && { windows: readWindows(windows, actions.length) }),
  };
}
