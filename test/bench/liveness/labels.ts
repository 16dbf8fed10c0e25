import type { Action } from '@openfrs/core';

/** What a person sees in a video: the action and when, in seconds. */
export interface Label {
  readonly action: Action;
  readonly from: number;
  readonly to: number;
  /** Lips that close within 300 ms (timelines.json, `measured`), as in talk or song: nobody was asked for that, and nobody need find it. */
  readonly brief?: boolean;
}

type Kind = 'action' | 'talking' | 'still photo' | 'moved photo' | 'bent photo' | 'screen';

export interface LabelledVideo {
  readonly path: string;
  readonly kind: Kind;
  readonly labels: readonly Label[];
}

const label = (action: Action, from: number, to: number): Label => ({ action, from, to });
const brief = (from: number, to: number): Label => ({ action: 4, from, to, brief: true });
const series = [
  label(4, 0.4, 1.4),
  label(4, 2.6, 4),
  brief(5.6, 6),
  brief(6.7, 7),
  label(2, 8.7, 9.6),
  label(1, 10, 10.8),
  label(3, 11.5, 14.4),
];
const made = (path: string, ...labels: Label[]): LabelledVideo => ({
  path: `videos/${path}`,
  kind: 'action',
  labels,
});
const none = (kind: Kind, ...paths: string[]): LabelledVideo[] =>
  paths.map((path) => ({ path, kind, labels: [] }));

/**
 * The shared videos, labelled after what their timelines.json says a person sees. Blinks are not labelled there and
 * not counted. lp_d14 is longer than 15 s.
 */
export const videos: readonly LabelledVideo[] = [
  made('derived/cap12_far_small_face_right_left.mp4', label(2, 1.6, 2.5), label(1, 2.8, 3.6)),
  made('derived/cap12_mouth_right_left_nod.mp4', ...series),
  made('derived/fmt_flv1.flv', ...series),
  made('derived/fmt_h264.mov', ...series),
  made('derived/fmt_hevc.mp4', ...series),
  made('derived/cap12_nod.mp4', label(3, 0.5, 3.2)),
  made('derived/cap12_nod_rotflag.mp4', label(3, 0.5, 3.2)),
  made('derived/cap12_open_mouth.mp4', label(4, 0.3, 1.4)),
  made('derived/cap12_turn_own_left.mp4', label(1, 0, 1.3)),
  made('derived/cap12_turn_own_left_MIRRORED.mp4', label(2, 0, 1.3)),
  made('derived/cap12_turn_own_right.mp4', label(2, 0.5, 1.4)),
  made('derived/lp_d12_turn_picture_left.mp4', label(2, 0.4, 1.1)),
  made('derived/lp_d12_turn_picture_right.mp4', label(1, 0.2, 1)),
  made('derived/lp_d18_open_mouth_twice.mp4', label(4, 0.4, 1.5), label(4, 2.1, 3.5)),
  made(
    'lp_d10.mp4',
    brief(0.1, 1),
    brief(2.2, 2.6),
    // timelines.json leaves it out: the lips part twice more before the wide opening.
    brief(2.7, 2.95),
    label(4, 3.1, 3.9),
    brief(11.6, 12),
    brief(12.3, 13.1),
  ),
  made(
    'lp_d12.mp4',
    label(1, 1.4, 2.1),
    label(2, 3, 3.8),
    label(4, 4.6, 5.3),
    label(1, 6.4, 7.1),
    label(4, 6.3, 7.3),
  ),
  made('lp_d18.mp4', label(4, 2.1, 3.2), label(4, 3.8, 5.2)),
  made('va_hhn.mp4', label(1, 1.6, 2.4), label(2, 2.8, 3.8)),
  ...none('talking', 'videos/derived/cap12_still.mp4', 'videos/derived/cap12_hand_over_face.mp4'),
  ...none('talking', 'videos/lp_d19.mp4', 'videos/tp_driving.mp4', 'videos/vd_face.mp4', 'videos/vr_3.mp4'),
  ...none('talking', 'videos/va_5.mp4'),
  ...none('still photo', 'spoof/derived/still_photo.mp4'),
  ...none('moved photo', 'spoof/derived/photo_moved_about.mp4'),
  ...none('bent photo', 'spoof/derived/photo_bent_as_turn.mp4'),
  ...none('screen', 'spoof/le_fake_phone.mp4', 'spoof/mk_fake_phone.mp4'),
];

/** Photos and whether a live person stood before the camera. */
export const photos: readonly { readonly path: string; readonly live: boolean }[] = [
  { path: 'spoof/minivision_T1.jpg', live: true },
  { path: 'spoof/minivision_F1.jpg', live: false },
];
