export { asFlow, currentFlow } from './current-flow.ts';
export { FairQueue } from './fair-queue.ts';
export type { Flow } from './flow.ts';
export { recentFlows } from './recent-flows.ts';
export { RoundRobinQueue } from './round-robin-queue.ts';
export { type BucketLimits, TokenBucket } from './token-bucket.ts';
export { WorkMemory } from './work-memory.ts';
