import type { Need, Operation } from '@openfrs/contract';

/** What of its project an API token opens. */
export interface TokenScope {
  readonly tokenId: string;
  readonly readOnly: boolean;
  /** Absent: all. */
  readonly faceSets?: readonly string[];
}

const writes: readonly Need[] = ['face-sets:write', 'faces:write', 'uploads'];
const touchesSets = (need: Need) => need.startsWith('face-sets:') || need.startsWith('faces:');

/**
 * May a token of this scope call the operation? By the operation's row in the contract's table, so that a new one is judged, too:
 * only operations of a project; for read-only tokens none that writes; for tokens of some sets none on other sets, or on all of them.
 * @param faceSetName of the path; absent where it has none
 */
export function permits(scope: TokenScope, operation: Operation, faceSetName: string | undefined): boolean {
  const { auth, needs } = operation;
  if (auth !== 'project') return false;
  if (scope.readOnly && needs.some((need) => writes.includes(need))) return false;
  if (scope.faceSets === undefined || !needs.some(touchesSets)) return true;
  return faceSetName !== undefined && scope.faceSets.includes(faceSetName);
}
