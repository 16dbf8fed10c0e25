import type { Screen } from './terminal.ts';

const WIDTH = 30;

/** A bar on a terminal; nothing where the output is a file or a pipe. */
export function progressBar(screen: Screen, total: number): { step(): void; end(): void } {
  if (screen.isTTY !== true || total === 0) return { step: () => {}, end: () => {} };
  const started = Date.now();
  let done = 0;
  const draw = () => {
    const filled = Math.round((done / total) * WIDTH);
    const left =
      done === 0 ? '' : ` ${Math.ceil(((Date.now() - started) / done / 1000) * (total - done))} s left`;
    screen.write(`\r${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}${left}\u001b[K`);
  };
  draw();
  return {
    step() {
      done += 1;
      draw();
    },
    end: () => screen.write('\r\u001b[K'),
  };
}
