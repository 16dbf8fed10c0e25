/** Median milliseconds of a job over some rounds, after one that doesn't count. */
export async function median(rounds: number, job: () => Promise<unknown>): Promise<number> {
  await job();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await job();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number;
}
