import { modelsDir } from './cache.ts';
import { activeModels, readSelection } from './selection.ts';

/**
 * What an operator should know of the models in use, a sentence each: that a chosen set has no detector of a third kind, which an older
 * version's `models.json` may have been written without.
 */
export async function selectionNotes({
  dir = modelsDir(),
}: {
  readonly dir?: string;
} = {}): Promise<string[]> {
  const detectors = activeModels(await readSelection(dir)).get('detector') ?? [];
  const kinds = new Set(detectors.map(({ architecture }) => architecture));
  if (kinds.size >= 3) return [];
  const names = detectors.map(({ id }) => id).join(', ');
  return [
    `The detectors in use (${names}) are of fewer than three kinds: doubtful faces, of animals and things too, are not judged by a third detector and by objects. \`openfrs models use npm\` has them.`,
  ];
}
