export { type BuiltLayer, buildLayers, unzippedLimit } from './build.ts';
