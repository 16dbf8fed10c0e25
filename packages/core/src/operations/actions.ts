import { FrsError } from '@openfrs/contract';
import type { Action, LivenessRequest } from '../ports/liveness.ts';

const maxActions = 10;
const window = /^(\d{1,9})-(\d{1,9})$/;

/**
 * Reads `actions`: codes 1 to 5 in their order, comma-separated.
 * @throws FrsError FRS.0704 more than 10, FRS.0702 an unknown one
 */
export function readActions(text: string): readonly Action[] {
  const codes = text.split(',');
  if (codes.length > maxActions) throw new FrsError('FRS.0704');
  return codes.map((code) => {
    if (!/^[1-5]$/.test(code)) throw new FrsError('FRS.0702', `Action: ${code.slice(0, 16)}.`);
    return Number(code) as Action;
  });
}

/**
 * Reads `action_time`: for each action `from-to` in milliseconds from the start, comma-separated, one after the
 * other. Windows may touch.
 * @throws FrsError FRS.0703 they don't parse, overlap, run backwards or don't match the actions in number
 */
export function readWindows(text: string, actions: number): NonNullable<LivenessRequest['windows']> {
  const parts = text.split(',');
  if (parts.length !== actions) throw new FrsError('FRS.0703', `${actions} windows are expected.`);
  let last = 0;
  return parts.map((part) => {
    const [, from, to] = window.exec(part)?.map(Number) ?? [];
    if (from === undefined || to === undefined || from >= to || from < last) {
      throw new FrsError('FRS.0703', `Window: ${part.slice(0, 32)}.`);
    }
    last = to;
    return { from, to };
  });
}
