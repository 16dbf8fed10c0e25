import type { LabelledVideo } from './labels.ts';

/** A way in which a recording of the same action could have come out. */
export interface Condition {
  readonly name: string;
  /** FFmpeg's filters, and options of the encoder beside its own. */
  readonly filter: string;
  readonly options?: readonly string[];
  /** Left and right change places. */
  readonly mirrored?: boolean;
  /** Times are multiplied by it. */
  readonly stretched?: number;
}

/** Shaken hands: a tenth of the picture to move in. */
const shaken =
  "crop=iw*0.9:ih*0.9:iw*(0.05+0.02*sin(9*t)+0.01*sin(23*t)):ih*(0.05+0.02*sin(7*t+1)+0.01*sin(19*t)),rotate='0.04*sin(6*t)':fillcolor=gray";

export const conditions: readonly Condition[] = [
  { name: 'encoded again', filter: 'null' },
  { name: 'mirrored', filter: 'hflip', mirrored: true },
  { name: 'darker', filter: "lutyuv=y='val*0.55'" },
  { name: 'gamma 0.6', filter: 'eq=gamma=0.6' },
  { name: 'gamma 1.6', filter: 'eq=gamma=1.6' },
  { name: 'less contrast', filter: 'eq=contrast=0.65' },
  { name: 'half the size', filter: 'scale=trunc(iw/4)*2:-2' },
  { name: 'one and a half times the size', filter: 'scale=trunc(iw*0.75)*2:-2' },
  { name: 'cropped', filter: 'crop=iw*0.85:ih*0.9' },
  { name: 'with a border', filter: 'pad=iw*1.4:ih*1.3:(ow-iw)/2:(oh-ih)/2:gray' },
  { name: '90 kbit/s', filter: 'null', options: ['-b:v', '90k'] },
  { name: '8 frames a second', filter: 'fps=8' },
  { name: '15 frames a second, VP8', filter: 'fps=15', options: ['-c:v', 'libvpx', '-b:v', '300k'] },
  { name: 'a third of the frames lost', filter: "select='gt(random(7)\\,0.35)'", options: ['-vsync', 'vfr'] },
  { name: 'shaken', filter: shaken },
  { name: 'noisy', filter: 'noise=alls=18:allf=t' },
  { name: 'blurred', filter: 'gblur=sigma=1.5' },
  { name: 'lying, with a flag', filter: 'transpose=1', options: ['-metadata:s:v', 'rotate=90'] },
  { name: 'aslant by 8°', filter: "rotate='8*PI/180':fillcolor=gray" },
  { name: 'faster', filter: 'setpts=0.8*PTS', stretched: 0.8 },
  { name: 'slower', filter: 'setpts=1.25*PTS', stretched: 1.25 },
];

/** What a person sees under a condition. */
export function labelsUnder({ labels }: LabelledVideo, condition: Condition): LabelledVideo['labels'] {
  const scale = condition.stretched ?? 1;
  return labels.map(({ action, from, to, ...rest }) => {
    const other = action === 1 ? 2 : action === 2 ? 1 : action;
    return { ...rest, action: condition.mirrored ? other : action, from: from * scale, to: to * scale };
  });
}
