import type { FaceSets } from '@openfrs/core';
import {
  createTransfer,
  createUpkeep,
  type StepName,
  type StoreOptions,
  type Transfer,
  type Upkeep,
} from '../src/index.ts';
import type { TestStores } from './embedded.ts';

/** An instance of the service that can be stopped for good, or for a while, at the n-th step of its writes. */
export interface Crashable {
  readonly faceSets: FaceSets;
  readonly upkeep: Upkeep;
  readonly transfer: Transfer;
  /** From now on, the instance stops at its n-th step (0: the next). */
  stopAt(step: number | undefined): void;
  /** The step it stands at; as of then nothing it does goes on. */
  readonly stoppedAt: StepName | undefined;
  /** Resolves when it stops. */
  stopped(): Promise<void>;
  /** Lets it go on from where it stands, as a process that was frozen does. */
  resume(): void;
}

export function crashable(stores: TestStores, options: Partial<StoreOptions>): Crashable {
  let left: number | undefined;
  let stoppedAt: StepName | undefined;
  let resume: (() => void) | undefined;
  let frozen: Promise<void> | undefined;
  let waiting: (() => void)[] = [];
  const step = async (name: StepName) => {
    if (stoppedAt !== undefined) await frozen;
    if (left === undefined) return;
    if (left > 0) {
      left -= 1;
      return;
    }
    left = undefined;
    stoppedAt = name;
    frozen = new Promise((resolve) => {
      resume = resolve;
    });
    for (const call of waiting) call();
    waiting = [];
    await frozen;
  };
  const all: StoreOptions = { ...stores, ...options, step };
  return {
    faceSets: stores.instance({ ...options, step }),
    upkeep: createUpkeep(all),
    transfer: createTransfer(all),
    stopAt(count) {
      left = count;
    },
    get stoppedAt() {
      return stoppedAt;
    },
    stopped: () => new Promise((resolve) => waiting.push(resolve)),
    resume() {
      stoppedAt = undefined;
      resume?.();
    },
  };
}
