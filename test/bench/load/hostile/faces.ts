import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Served } from '../served.ts';

/** Lets a set hold so many faces of random directions, with a number `l` from 0 to 9,999 each, through `openfrs import`. */
export async function importFaces(served: Served, set: string, faces: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-faces-'));
  const file = join(folder, 'faces.ndjson');
  const project = served.credentials.FRS_REGION;
  try {
    // Its header tells what vectors the set takes.
    await served.operate('export', project, set, file);
    const { id_key: _, ...header } = JSON.parse((await readFile(file, 'utf8')).split('\n', 1)[0] ?? '') as {
      id_key?: string;
      dimension: number;
    };
    const lines = Array.from({ length: faces }, (_, number) =>
      JSON.stringify({
        external_image_id: `face-${number}`,
        bounding_box: [0, 0, 50, 50],
        vector: randomVector(header.dimension),
        fields: { l: number % 10_000 },
      }),
    );
    await writeFile(file, `${[JSON.stringify(header), ...lines].join('\n')}\n`);
    await served.operate('import', project, file, '--set', set);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Of unit length, float32 in Base64, as an export has it. */
function randomVector(dimension: number): string {
  const vector = Float32Array.from({ length: dimension }, () => Math.random() - 0.5);
  const norm = Math.hypot(...vector);
  return Buffer.from(vector.map((value) => value / norm).buffer).toString('base64');
}
