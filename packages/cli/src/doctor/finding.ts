import { explain } from '../failure.ts';
import type { Stores } from '../stores.ts';

/** What one check of `openfrs doctor` found; the detail of a wrong one names the remedy. */
export interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'wrong' | 'repaired';
  readonly detail: string;
}

/** Runs a check: what it throws is a finding too. */
export async function finding(
  check: string,
  stores: Stores,
  examine: () => Promise<string>,
): Promise<Finding> {
  try {
    return { check, result: 'ok', detail: await examine() };
  } catch (error) {
    return { check, result: 'wrong', detail: explain(error, stores) };
  }
}
