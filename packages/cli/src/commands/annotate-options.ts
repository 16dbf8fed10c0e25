import type { Wanted } from '../annotated/targets.ts';
import type { Arguments } from './command.ts';

/** Of commands that can write what they found as pictures and a page. */
export const annotateOptions = [
  ['--annotate <path>', 'write the photos with the faces marked into a folder, or one to a .jpg file'],
  ['--html <file>', 'write one page with the marked photos and what was found'],
  ['--force', 'replace what --annotate and --html have written before; photos are never replaced'],
] as const;

export const wantedOf = (args: Arguments): Wanted => ({
  annotate: args.maybe('annotate'),
  html: args.maybe('html'),
  force: args.flag('force'),
});

/** Is anything to be drawn? */
export const isDrawn = ({ annotate, html }: Wanted): boolean => annotate !== undefined || html !== undefined;
