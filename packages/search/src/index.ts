export { cosine } from './cosine.ts';
export { createIndex } from './face-index.ts';
export { encodeSegment, encodeSegmentInSlices } from './format/encode.ts';
export { SegmentDamaged, SegmentNewer } from './format/header.ts';
export { codesRange, segmentHeaderBytes, segmentMaxRows } from './format/layout.ts';
export { openSegment, readSegmentPlan } from './segment.ts';
export type * from './types.ts';
export { segmentParts } from './types.ts';
