import { firstAtOnce, type Steps } from '../steps.ts';
import { writeJson } from './json.ts';

/** Elements of an array between two pauses: a face takes 5 µs, and twenty times as long in a process that has written few. */
const elementsAtOnce = 16;

/**
 * What `writeJson` gives of plain values; a long array is written in slices between which the event loop runs: a thousand faces are up to
 * 80 ms in a new process. What has none is written at once, however many long ones wait for their turn.
 */
export function writeJsonInSlices(value: unknown): Promise<string> {
  return firstAtOnce(writeSteps(value));
}

function* writeSteps(value: unknown): Steps<string> {
  if (Array.isArray(value)) {
    const elements: string[] = [];
    for (const element of value) {
      if (elements.length > 0 && elements.length % elementsAtOnce === 0) yield;
      elements.push(hasArray(element) ? yield* writeSteps(element) : writeJson(element));
    }
    return `[${elements.join(',')}]`;
  }
  if (!hasArray(value)) return writeJson(value);
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${yield* writeSteps(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** Is it an array, or an object with one among its members? */
function hasArray(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.values(value).some(Array.isArray);
}
