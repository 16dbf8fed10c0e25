import type { FaceSets } from '@openfrs/core';
import {
  createMaintenance,
  createTransfer,
  type Failpoint,
  type Maintenance,
  type StoreOptions,
  type Transfer,
} from '../src/index.ts';
import type { TestStores } from './embedded.ts';

/** An instance of the service that can be stopped for good, or for a while, at the n-th failpoint of its writes. */
export interface Crashable {
  readonly faceSets: FaceSets;
  readonly maintenance: Maintenance;
  readonly transfer: Transfer;
  /** From now on, the instance stops at its n-th failpoint (0: the next). */
  stopAt(step: number | undefined): void;
  /** The failpoint it stands at; as of then nothing it does goes on. */
  readonly stoppedAt: Failpoint | undefined;
  /** Resolves when it stops. */
  stopped(): Promise<void>;
  /** Lets it go on from where it stands, as a process that was frozen does. */
  resume(): void;
}

export function crashable(stores: TestStores, options: Partial<StoreOptions>): Crashable {
  let left: number | undefined;
  let stoppedAt: Failpoint | undefined;
  let resume: (() => void) | undefined;
  let frozen: Promise<void> | undefined;
  let waiting: (() => void)[] = [];
  const failpoint = async (name: Failpoint) => {
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
  const all: StoreOptions = { ...stores, ...options, failpoint };
  return {
    faceSets: stores.instance({ ...options, failpoint }),
    maintenance: createMaintenance(all),
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
