import type { Reply } from './ask.ts';

/** What became of an attack's requests. */
export interface Tally {
  readonly sent: number;
  /** How they ended: an error code, a status, `closed`, `left` or `unanswered`. */
  readonly ends: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly unanswered: number;
  /** Ms. */
  readonly slowest: number;
}

export class Tallying {
  #sent = 0;
  #faults = 0;
  #slowest = 0;
  readonly #ends: Record<string, number> = {};

  add({ end, status, code, ms }: Pick<Reply, 'end' | 'status' | 'code' | 'ms'>): void {
    const key = end === 'answered' ? code || String(status) : end;
    this.#sent += 1;
    this.#ends[key] = (this.#ends[key] ?? 0) + 1;
    if (status >= 500) this.#faults += 1;
    if (end !== 'left') this.#slowest = Math.max(this.#slowest, Math.round(ms));
  }

  result(): Tally {
    const unanswered = this.#ends.unanswered ?? 0;
    return { sent: this.#sent, ends: this.#ends, faults: this.#faults, unanswered, slowest: this.#slowest };
  }
}
