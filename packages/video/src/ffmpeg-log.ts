/** Is it a line that `DecodeLog` reads? Filters what a worker has to pass on. */
export function isRelevant(line: string): boolean {
  return line.includes(' pts_time:') || DAMAGE.test(line) || line.includes(': partial file');
}

/** Does the line say that something couldn't be decoded? */
export function isDamage(line: string): boolean {
  return DAMAGE.test(line);
}

const DAMAGE = /corrupt decoded frame|Error while decoding|Error submitting packet to decoder/;
const FRAME = /showinfo.*\] n: *\d+ pts: *\S+ pts_time:(\S+)/;

/** What ffmpeg's log says about the frames: their times, and how many failed. */
export class DecodeLog {
  /** Frames that couldn't be decoded, or only with parts made up. */
  damaged = 0;
  /** The file ended before its index said so. */
  partial = false;
  /** Seconds, in the order of the frames. */
  readonly #times: number[] = [];
  #waiting: (() => void) | undefined;
  #ended = false;

  read(line: string): void {
    const frame = FRAME.exec(line);
    if (frame !== null) this.#times.push(Number(frame[1]));
    else if (DAMAGE.test(line)) this.damaged += 1;
    else if (line.includes(': partial file')) this.partial = true;
    this.#waiting?.();
  }

  /** No more lines come. */
  end(): void {
    this.#ended = true;
    this.#waiting?.();
  }

  /** Milliseconds of the frame; its line may arrive after its pixels. Undefined when the log lacks it. */
  async timeMs(frame: number): Promise<number | undefined> {
    while (this.#times.length <= frame && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    const seconds = this.#times[frame];
    return seconds === undefined || Number.isNaN(seconds) ? undefined : Math.max(0, seconds * 1000);
  }
}
