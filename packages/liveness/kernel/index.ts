export { blur, boxes } from './blur';
export { along, between, moved } from './fields';
export { flow } from './flow';
export { compare, normal } from './planar';
