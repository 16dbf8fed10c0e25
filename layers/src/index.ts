export { type BuiltLayer, buildLayers } from './build.ts';
