/**
 * Lets the process outlive what reads its standard output and standard error: a log on a full disk (ENOSPC) or a reader that has
 * ended (EPIPE) would end it otherwise. Lines that can't be written are lost; later ones are written when there is room again.
 */
export function outliveBrokenOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
