import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fusionOf, loadManifest } from './manifest.ts';
import { manifestSchemas } from './manifest-schema.ts';

const { models, sets, fusions } = loadManifest();

describe('the manifest', () => {
  it('is what its schema makes of it, as it is not held against that at run time', () => {
    expect(manifestSchemas().manifest.parse(loadManifest())).toEqual(loadManifest());
  });

  it.each(models.map((m) => [m.id, m] as const))('%s is whole', (id, model) => {
    expect(model.file).toBe(`${id}.onnx`);
    const channels = model.convert.pixels.order === 'gray' ? 1 : 3;
    expect(model.convert.pixels.mean).toHaveLength(channels);
    expect(model.convert.pixels.scale).toHaveLength(channels);
    expect(new Set(model.outputs.map((o) => o.name)).size).toBe(model.outputs.length);
    expect(model.embedder !== undefined).toBe(model.role === 'embedder');
    if (!model.embedder) return;
    expect(model.outputs.find((o) => o.name === 'embedding')?.shape).toEqual([
      'batch',
      model.embedder.dimension,
    ]);
    const points = (model.embedder.calibration ?? []).toSorted((a, b) => a.cosine - b.cosine);
    for (const [i, point] of points.entries()) {
      if (i === 0) continue;
      expect(point.far).toBeLessThan(points[i - 1]!.far);
      expect(point.similarity).toBeGreaterThan(points[i - 1]!.similarity);
    }
    const at = points.find((p) => p.far === 1e-4);
    expect(at?.cosine).toBe(model.embedder.cosineAtFar1e4);
    expect(at?.similarity).toBeCloseTo(0.93, 3);
  });

  it('puts each model under its own role, and the default set needs the npm registry only', () => {
    const byId = new Map(models.map((m) => [m.id, m]));
    for (const set of Object.values(sets)) {
      for (const [role, ids] of Object.entries(set))
        for (const id of ids) expect(byId.get(id)?.role).toBe(role);
    }
    for (const id of Object.values(sets.npm!).flat()) expect(byId.get(id)?.origin.from).toBe('npm');
  });

  it('knows what every combination of its anti-spoof models says, in any order', () => {
    const ids = models.filter(({ role }) => role === 'anti-spoof').map(({ id }) => id);
    const combinations = Array.from({ length: 2 ** ids.length }, (_, set) =>
      ids.filter((_id, at) => (set >> at) % 2 === 1),
    );
    expect(fusions).toHaveLength(combinations.length - 1);
    for (const combination of combinations.slice(1)) {
      const scores = fusionOf(combination)?.points.map(({ score }) => score) ?? [];
      expect(scores.length).toBeGreaterThan(1);
      expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    }
    expect(fusionOf([...ids, 'own-net'])).toBeUndefined();
  });

  it('is refused where ids repeat or a set names what is not there', () => {
    expect(manifestSchemas().manifest.safeParse({ models: [models[0], models[0]], sets: {} }).success).toBe(
      false,
    );
    expect(
      manifestSchemas().manifest.safeParse({ models, sets: { npm: { mesh: ['nobody'] } } }).success,
    ).toBe(false);
  });

  it("has every model and its licence in the README's table", () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const rows = readme.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    for (const { id, role, licence } of models) {
      const [, , ...cells] = rows.find((row) => row[1] === `\`${id}\``) ?? [];
      expect([cells[0], cells[2], cells[3]], id).toEqual([role, licence.spdx, licence.training]);
    }
  });
});
