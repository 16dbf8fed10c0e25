import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultPathField } from '@openfrs/contract/path-value';
import type { FaceToReindex } from '@openfrs/store';
import type { LocalVision } from '@openfrs/vision';
import { CliError } from '../failure.ts';
import { csvOf } from '../files/csv.ts';
import { photoIndex } from '../reindex/photo-index.ts';
import { openVectorJournal } from '../reindex/vector-journal.ts';
import type { NewVector } from '../reindex/vectors-from-photos.ts';
import type { Stores } from '../stores.ts';
import { progressBar } from '../terminal/progress.ts';
import type { Arguments, CommandDefinition } from './command.ts';
import { numberOf } from './numbers.ts';
import { clientsProject, domainOption } from './resolve-names.ts';

const AT_ONCE = 2;

/** `openfrs set reindex <set> --from FOLDER`: a set's vectors anew, with another embedding, while it is searched. */
export const reindexCommand: CommandDefinition = {
  usage: 'reindex <set>',
  summary:
    'Give a face set the vectors of the embedder in use, from its photos, while it is searched; can be cut off and repeated. Example: openfrs set reindex people --from photos/',
  options: [
    ['--from <place>', 'where its photos are: a folder, or s3://bucket/prefix'],
    ['--model <id>', 'the embedder (default: the one in use)'],
    [
      '--path-field <name>',
      `the custom field that has each photo's path (default: ${defaultPathField}); without it the external_image_id tells the photo`,
    ],
    ['--leave-out', 'leave out faces whose photo is missing, or shows no such face any more'],
    ['--failures <file>', 'write those faces to this CSV file, with the reasons'],
    ['--parallel <number>', `photos at once (default ${AT_ONCE})`],
    ['--journal <file>', 'where the vectors are kept meanwhile (default: in the folder, or here)'],
    ['--project <project>', 'the project (default: that of the other commands on face sets)'],
    domainOption,
  ],
  async run(stores, args, { environment, stderr }) {
    const [name, from] = [args.one('set'), args.maybe('from')];
    const project = await clientsProject(stores, args, environment);
    const set = await stores.faceSets().get(project.id, name);
    const { createVision, embeddingsOf } = await import('@openfrs/vision');
    const { modelsDir, minFacePx } = stores.config;
    const model = args.maybe('model');
    const vision = await createVision({ modelsDir, minFacePx, ...(model && { embedder: model }) });
    const { id, dimension } = vision.model;
    const bar = progressBar(stderr);
    try {
      if (set.model === id) return { done: `The face set ${name} has vectors of ${id} already.` };
      const [now, ...older] = embeddingsOf(vision.pipeline.embedder);
      // The oldest sets keep what the network answers as it is: no photo is needed to make it anew.
      const convert = older.at(-1)?.id === set.model ? now.form.kept : undefined;
      const fromPhotos =
        from === undefined ? undefined : await photoVectors(from, set.model, vision, stores, args);
      if (convert === undefined && fromPhotos === undefined) {
        throw new CliError(`Vectors of ${id} are made from photos: say where they are with --from.`);
      }
      const folder = from === undefined || from.startsWith('s3://') ? '.' : from;
      const journal = await openVectorJournal(
        args.maybe('journal') ?? join(folder, `.openfrs-${name}.reindex.jsonl`),
        { set: set.id, model: id },
      );
      const reasons = new Map<string, Extract<NewVector, { reason: string }>>();
      const { done, faces, missing } = await stores.transfer().reindexSet(project.id, name, {
        model: { id, dimension },
        async vectorOf(face) {
          const kept = journal.get(face.faceId);
          if (kept) return kept;
          const made = await fromPhotos?.(face);
          if (made && 'reason' in made) reasons.set(face.faceId, made);
          const vector = made && 'vector' in made ? made.vector : convert?.(face.vector);
          if (vector) await journal.write(face.faceId, vector);
          return vector;
        },
        leaveOut: args.flag('leaveOut'),
        parallel: Math.max(1, numberOf(args.maybe('parallel') ?? String(AT_ONCE), 'The number')),
        compact: (staged) => stores.maintenance().compact(project.id, staged, { all: true }),
        progress: bar.at,
      });
      if (done) await journal.remove();
      const file = args.maybe('failures');
      if (file !== undefined) await writeFile(file, csvOf(columns, missing.map(failureOf(reasons))));
      const note = done
        ? undefined
        : `${missing.length} faces have no vector of ${id}, so the set stays as it is (--failures lists them). Give their photos with --from, or --leave-out; what is done is kept.`;
      return {
        record: { set: name, model: done ? id : set.model, faces, missing: missing.length },
        ...(note && { note }),
        failed: !done,
      };
    } finally {
      bar.end();
      await vision.close();
    }
  },
};

async function photoVectors(
  from: string,
  before: string,
  vision: LocalVision,
  stores: Stores,
  args: Arguments,
): Promise<(face: FaceToReindex) => Promise<NewVector>> {
  // They load the AWS SDK and the models' runtime, which other commands don't wait for.
  const [{ openPhotoSource }, { vectorsFromPhotos }] = await Promise.all([
    import('../reindex/photo-source.ts'),
    import('../reindex/vectors-from-photos.ts'),
  ]);
  const source = await openPhotoSource(from, stores);
  const index = photoIndex(source.names, args.maybe('pathField') ?? defaultPathField);
  return vectorsFromPhotos(vision, source, index, { before, now: vision.model.id });
}

const columns = ['face_id', 'external_image_id', 'photo', 'reason'] as const;

function failureOf(
  reasons: ReadonlyMap<string, { readonly photo?: string | undefined; readonly reason: string }>,
) {
  return ({ faceId, externalImageId }: { readonly faceId: string; readonly externalImageId: string }) => ({
    face_id: faceId,
    external_image_id: externalImageId,
    ...reasons.get(faceId),
  });
}
