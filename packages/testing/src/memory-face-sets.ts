import { type Filter, FrsError, fieldValue, newId } from '@openfrs/contract';
import type { FaceSet, FaceSets, NewFace, StoredFace } from '@openfrs/core';

type Row = StoredFace & { readonly vector: Float32Array };

/** Face sets in memory, as plain as the port's words allow: a double for tests of HTTP. */
export function memoryFaceSets(): FaceSets {
  const sets = new Map<string, { set: FaceSet; rows: Row[] }>();
  const keyOf = (projectId: string, name: string) => `${projectId}/${name}`;
  const held = (projectId: string, name: string) => {
    const found = sets.get(keyOf(projectId, name));
    if (!found) throw new FrsError('FRS.0302');
    return found;
  };
  const shown = ({ set, rows }: { set: FaceSet; rows: Row[] }): FaceSet => ({
    ...set,
    faceNumber: rows.length,
  });
  const find = (rows: Row[], faceId: string) => {
    const row = rows.find((one) => one.faceId === faceId);
    if (!row) throw new FrsError('FRS.0403');
    return row;
  };
  return {
    async create(projectId, spec, maxSets) {
      if (sets.has(keyOf(projectId, spec.name))) throw new FrsError('FRS.0301');
      const count = [...sets.values()].filter(({ set }) => set.projectId === projectId).length;
      if (count >= maxSets) throw new FrsError('FRS.0305');
      const set = { ...spec, projectId, id: newId(), createdAt: new Date(), faceNumber: 0 };
      sets.set(keyOf(projectId, spec.name), { set, rows: [] });
      return set;
    },
    list: async (projectId) => [...sets.values()].filter(({ set }) => set.projectId === projectId).map(shown),
    get: async (projectId, name) => shown(held(projectId, name)),
    async remove(projectId, name) {
      held(projectId, name);
      sets.delete(keyOf(projectId, name));
    },
    async add(set, faces: readonly NewFace[]) {
      const { rows } = held(set.projectId, set.name);
      if (rows.length + faces.length > set.capacity) throw new FrsError('FRS.0306');
      const added = faces.map((face) => ({ ...face, faceId: newId() }));
      rows.push(...added);
      return added;
    },
    page: async (set, offset, limit) => held(set.projectId, set.name).rows.slice(offset, offset + limit),
    find: async (set, faceId) => find(held(set.projectId, set.name).rows, faceId),
    async update(set, faceId, change) {
      const { rows } = held(set.projectId, set.name);
      const row = find(rows, faceId);
      rows[rows.indexOf(row)] = {
        ...row,
        externalImageId: change.externalImageId ?? row.externalImageId,
        fields: { ...row.fields, ...change.fields },
      };
    },
    async removeMatching(set, filter) {
      const entry = held(set.projectId, set.name);
      const kept = entry.rows.filter((row) => !passes(filter, row));
      const removed = entry.rows.length - kept.length;
      entry.rows = kept;
      return removed;
    },
    prepare() {},
    async search(set, { probe, topN, minCosine, filter }) {
      const { rows } = held(set.projectId, set.name);
      const vector = 'faceId' in probe ? find(rows, probe.faceId).vector : probe.vector;
      return rows
        .filter((row) => !filter || passes(filter, row))
        .map((row) => ({ ...row, cosine: row.vector.reduce((sum, x, at) => sum + x * (vector[at] ?? 0), 0) }))
        .filter(({ cosine }) => cosine >= minCosine)
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, topN);
    },
    async searchMany(set, { vectors, ...query }) {
      return Promise.all(vectors.map((vector) => this.search(set, { ...query, probe: { vector } })));
    },
    async searchNamed(projectId, name, query) {
      const set = shown(held(projectId, name));
      return { set, hits: await this.search(set, query(set)) };
    },
  };
}

function passes(filter: Filter, row: Row): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.every((operand) => passes(operand, row));
    case 'or':
      return filter.operands.some((operand) => passes(operand, row));
    case 'not':
      return !passes(filter.operand, row);
    case 'equals':
      return fieldOf(row, filter.field) === filter.value;
    case 'range': {
      const value = fieldOf(row, filter.field);
      if (typeof value !== 'number' && typeof value !== 'bigint') return false;
      const { low, high } = filter;
      return (
        (!low || (low.inclusive ? value >= low.value : value > low.value)) &&
        (!high || (high.inclusive ? value <= high.value : value < high.value))
      );
    }
  }
}

function fieldOf(row: Row, field: string) {
  if (field === 'external_image_id') return row.externalImageId;
  return field === 'face_id' ? row.faceId : fieldValue(row.fields, field);
}
