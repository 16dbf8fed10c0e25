/**
 * How far ahead of the rows memory is touched; measured best between 1 and 8 KiB. Processors stop prefetching at the end of a
 * page, so a scan of more than the caches hold would wait for memory at every page. Rows therefore have 4096 readable
 * bytes behind them (src/kernel/kernel.ts).
 */
export const ahead: usize = 2048;
