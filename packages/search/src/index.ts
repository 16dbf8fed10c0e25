export type * from './types.ts';
export { segmentParts } from './types.ts';
// Coming with the implementation, in these shapes:
//   createIndex(spec: IndexSpec): FaceIndex
//   encodeSegment(spec: IndexSpec, rows: readonly FaceRow[]): Uint8Array        (the whole file; rows ascending by number, at most segmentMaxRows)
//   segmentHeaderBytes: number, segmentMaxRows: number
//   readSegmentPlan(head: Uint8Array): SegmentPlan                               (throws SegmentDamaged)
//   openSegment(plan: SegmentPlan): Segment
//   cosine(a: Float32Array, b: Float32Array): number
