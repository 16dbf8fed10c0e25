/** A number of a person's name that says nothing of its letters (FNV-1a): the same draw on every machine. */
export function drawOf(person: string): number {
  let hash = 2166136261;
  for (const character of person) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  return hash >>> 3;
}

/** Half of all people: those that nothing is fitted on, for figures. */
export function isHeldOut(person: string): boolean {
  return drawOf(person) % 2 === 1;
}
