export { type EmbeddedOptions, type EmbeddedStores, startEmbedded } from './start.ts';
