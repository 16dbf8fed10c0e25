// Enrols a folder with one folder a person, then tells who is on a photo: node find.mjs people/ who.jpg
// Each run enrols all photos again: for a folder that grows, `openfrs enrol` keeps a journal.
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FrsApiError, frsClient } from '@openfrs/client';

const [folder = 'people', photo = 'who.jpg'] = process.argv.slice(2);
const { FRS_ENDPOINT = '', FRS_PROJECT_ID = '', FRS_AK = '', FRS_SK = '' } = process.env;
const frs = frsClient({
  endpoint: FRS_ENDPOINT,
  projectId: FRS_PROJECT_ID,
  credentials: { ak: FRS_AK, sk: FRS_SK },
});
const set = { face_set_name: 'example' };
const file = async (path) => new Blob([await readFile(path)]);

await frs.faceSetCreate(set).catch((error) => {
  // It is there already.
  if (!(error instanceof FrsApiError && error.code === 'FRS.0301')) throw error;
});
for (const name of await readdir(folder, { recursive: true })) {
  if (!/\.(jpe?g|png|bmp)$/i.test(name)) continue;
  const path = join(folder, name);
  try {
    const external_image_id = basename(dirname(path));
    await frs.faceAdd({ ...set, image_file: await file(path), external_image_id, single: true });
  } catch (error) {
    if (!(error instanceof FrsApiError)) throw error;
    console.log(`${path}: ${error.code} ${error.message}`);
  }
}

// Every face of the photo; all photos of a person as one. At most 1 in 100 strangers is taken for somebody.
const { results = [] } = await frs.faceSearch({
  ...set,
  image_file: await file(photo),
  faces: 'all',
  group_by: 'external_image_id',
  max_fpir: 0.01,
  top_n: 1,
});
for (const { bounding_box: box, faces } of results) {
  const [first] = faces;
  const name = first ? `${first.external_image_id} (${first.similarity.toFixed(3)})` : 'unknown';
  console.log(`${box.top_left_x},${box.top_left_y}: ${name}`);
}
