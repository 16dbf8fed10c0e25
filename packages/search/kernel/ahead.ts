/**
 * How far ahead of the rows memory is touched; measured best between 1 and 8 KiB. Processors stop prefetching at the end of a
 * page, so a scan of more than the caches hold would wait for memory at every page. Rows therefore have 4096 readable
 * bytes behind them (src/kernel/kernel.ts).
 */
export const ahead: usize = 2048;

let sink: i32 = 0;

/** Has [at, at + bytes) come to the processor's caches. All its lines are asked for at once: none waits for another. */
export function touch(at: usize, bytes: usize): void {
  let sum: i32 = 0;
  for (const end = at + bytes; at < end; at += 64) sum |= load<u8>(at);
  sink = sum;
}
