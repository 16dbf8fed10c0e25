import { operation, operations } from '@openfrs/contract';
import { readConfig } from '@openfrs/core';
import { expect, it } from 'vitest';
import { allOperations } from './all-operations.ts';
import { createService } from './create-service.ts';
import type { Part, PartContext } from './part.ts';
import * as parts from './parts.ts';

/** The names of the parts that an operation asks for itself. */
async function partsOf(name: (typeof operations)[number]['name']): Promise<Set<string>> {
  const asked = new Set<string>();
  const context: PartContext = {
    config: readConfig({}),
    now: () => new Date(),
    resolve<Value>(part: Part<string, Value>): Value {
      asked.add(part.name);
      return {} as Value;
    },
  };
  await allOperations[name].ports(context);
  return asked;
}

it.each(operations.map(({ name }) => name))('%s asks for what its row says that it needs', async (name) => {
  const { needs } = operation(name);
  const asked = await partsOf(name);
  const any = (...all: readonly string[]) => needs.some((need) => all.includes(need));
  expect(allOperations[name].name).toBe(name);
  expect({
    vision: asked.has('vision') || asked.has('liveness'),
    media: asked.has('media'),
    uploads: asked.has('uploads'),
    challenges: asked.has('challenges'),
    passwords: asked.has('keyDerivation'),
    faceSets: asked.has('faceSets'),
  }).toEqual({
    vision: any('vision', 'video'),
    media: any('media'),
    uploads: any('uploads'),
    challenges: any('challenges'),
    passwords: any('passwords'),
    faceSets: any('face-sets:read', 'face-sets:write', 'faces:read', 'faces:write'),
  });
});

it('parts are overridden by the names under which they are exported', () => {
  for (const [name, part] of Object.entries(parts)) expect(part.name).toBe(name);
});

it('a service opens nothing, and answers the operations that it was given', async () => {
  const service = createService(readConfig({}), {
    operations: [allOperations['face-detect']],
    overrides: {
      dynamodb: () => {
        throw new Error('opened');
      },
    },
  });
  expect((await service.app.request('/v2/p/face-sets')).status).toBe(404);
  // Its rate limits need DynamoDB.
  expect((await service.app.request('/v2/p/face-detect', { method: 'POST' })).status).toBe(500);
  await service.close();
});
