/**
 * glibc keeps a heap for each of many threads, and in them what was freed: with two heaps, and large blocks that are given back at
 * once, a worker returns to what its models take. It reads these before a process begins, so they are set for the workers only.
 */
export const workerMemory = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  UV_THREADPOOL_SIZE: '4',
} as const;
