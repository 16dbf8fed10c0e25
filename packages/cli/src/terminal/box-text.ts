/** A box as the API answers it, in pixels. */
export type Box = Readonly<Record<'width' | 'height' | 'top_left_x' | 'top_left_y', number>>;

/** As X writes it: `228×236+1459+209`. */
export const boxText = ({ width, height, top_left_x, top_left_y }: Box) =>
  `${width}×${height}+${top_left_x}+${top_left_y}`;
