export { mirror, warp } from './warp';
export { brightness, edges, light, luma, mean } from './measures';
export { indices, palette, reorder } from './bitmap';
export { halve } from './halve';
export { shrink } from './shrink';
export { convert } from './colours';
