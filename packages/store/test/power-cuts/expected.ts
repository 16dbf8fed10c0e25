import type { Told } from './told.ts';

interface ExpectedFace {
  readonly seed: number;
  /** One of these: the last that was acknowledged, and one that was begun. */
  readonly ages: readonly number[];
  /** A removal of it was begun. */
  readonly mayBeGone: boolean;
}

/** What must be found: all that was acknowledged; what was only begun, wholly or not at all. */
export class Expected {
  readonly faces = new Map<string, ExpectedFace>();
  readonly removed = new Set<string>();
  /** Seeds of faces that were added together, without an answer. */
  doubtful: (readonly number[])[] = [];
  /** The versions that an object may have; undefined: it isn't there. The last one was acknowledged, or is the only one. */
  readonly objects = new Map<string, readonly (number | undefined)[]>();
  setMade = false;

  copy(): Expected {
    const copy = new Expected();
    for (const [id, face] of this.faces) copy.faces.set(id, face);
    for (const id of this.removed) copy.removed.add(id);
    copy.doubtful = [...this.doubtful];
    for (const [key, versions] of this.objects) copy.objects.set(key, versions);
    copy.setMade = this.setMade;
    return copy;
  }

  note(told: Told): void {
    switch (told.kind) {
      case 'set-made':
        this.setMade = true;
        return;
      case 'adding':
        this.doubtful.push(told.seeds);
        return;
      case 'added': {
        const [first] = told.faces;
        this.doubtful = this.doubtful.filter(([seed]) => seed !== first?.seed);
        for (const { faceId, seed, age } of told.faces) {
          this.faces.set(faceId, { seed, ages: [age], mayBeGone: false });
        }
        return;
      }
      case 'updating':
        this.#face(told.faceId, (face) => ({ ...face, ages: [...face.ages, told.age] }));
        return;
      case 'updated':
        this.#face(told.faceId, (face) => ({ ...face, ages: [told.age] }));
        return;
      case 'removing':
        this.#face(told.faceId, (face) => ({ ...face, mayBeGone: true }));
        return;
      case 'removed':
        this.faces.delete(told.faceId);
        this.removed.add(told.faceId);
        return;
      case 'putting':
        this.objects.set(told.key, [...(this.objects.get(told.key) ?? [undefined]), told.version]);
        return;
      case 'put':
        this.objects.set(told.key, [told.version]);
    }
  }

  /** Faces about which nothing is in doubt. */
  firm(): string[] {
    return [...this.faces]
      .filter(([, { ages, mayBeGone }]) => ages.length === 1 && !mayBeGone)
      .map(([id]) => id);
  }

  #face(id: string, change: (face: ExpectedFace) => ExpectedFace): void {
    const face = this.faces.get(id);
    if (face) this.faces.set(id, change(face));
  }
}
