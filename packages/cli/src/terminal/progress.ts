import type { Screen } from './terminal.ts';

const WIDTH = 30;
const FRAME_MS = 50;

export interface ProgressBar {
  /** So many of so many are done. */
  at(done: number, total: number): void;
  /** Takes the bar away. */
  end(): void;
}

/** A bar with the time left, on a terminal; nothing where the output is a file or a pipe. */
export function progressBar(screen: Screen): ProgressBar {
  if (screen.isTTY !== true) return { at: () => {}, end: () => {} };
  const started = Date.now();
  let drawn = 0;
  return {
    at(done, total) {
      const now = Date.now();
      if (total === 0 || (done < total && now - drawn < FRAME_MS)) return;
      drawn = now;
      const filled = Math.round((Math.min(done, total) / total) * WIDTH);
      const left = done === 0 ? '' : ` ${Math.ceil(((now - started) / done / 1000) * (total - done))} s left`;
      screen.write(`\r${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}${left}\u001b[K`);
    },
    end: () => screen.write('\r\u001b[K'),
  };
}
