import fc from 'fast-check';
import { oddText, oddValue } from './odd.ts';

interface Step {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'rename' | 'wrap' | 'add';
  readonly text: string;
  readonly value: unknown;
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat({ max: 1000 }),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'rename', 'wrap', 'add'),
  text: oddText,
  value: oddValue,
});

type Members = Record<string, unknown>;

/** All objects and lists of a tree, with each key that they have. */
function places(node: unknown): (readonly [Members, string])[] {
  if (typeof node !== 'object' || node === null) return [];
  const members = node as Members;
  return Object.keys(members).flatMap((key) => [[members, key] as const, ...places(members[key])]);
}

function changed(tree: unknown, steps: readonly Step[]): unknown {
  const root: Members = { root: structuredClone(tree) };
  for (const { at, how, text, value } of steps) {
    const all = places(root);
    const [members, key] = all[at % all.length] ?? [root, 'root'];
    if (how === 'replace') members[key] = value;
    if (how === 'wrap') members[key] = [members[key]];
    if (how === 'add' && !Array.isArray(members))
      Object.defineProperty(members, text, { value, enumerable: true, configurable: true, writable: true });
    if (how === 'rename' && !Array.isArray(members))
      Object.defineProperty(members, text, {
        value: members[key],
        enumerable: true,
        configurable: true,
        writable: true,
      });
    if ((how === 'remove' || how === 'rename') && members !== root) delete members[key];
  }
  return root.root;
}

/** A JSON document with some of its members changed, and sometimes its text as well. */
export function mutatedJson(tree: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(
      tree,
      fc.array(step, { maxLength: 3 }),
      fc.oneof(
        { weight: 6, arbitrary: fc.constant('as it is') },
        fc.constantFrom('cut', 'twice', 'marked', 'twin', 'UTF-16'),
      ),
      fc.nat({ max: 1000 }),
    )
    .map(([base, steps, how, at]) => {
      const text = JSON.stringify(changed(base, steps)) ?? '';
      if (how === 'cut') return Buffer.from(text.slice(0, at % (text.length + 1)));
      if (how === 'twice') return Buffer.from(text + text);
      if (how === 'marked') return Buffer.from(`\ufeff${text}`);
      // The same members a second time in the same object.
      if (how === 'twin') return Buffer.from(text.replace(/^\{(.+)\}$/s, '{$1,$1}'));
      return Buffer.from(text, how === 'UTF-16' ? 'utf16le' : 'utf8');
    });
}
