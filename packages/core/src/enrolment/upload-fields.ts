import {
  type FieldSchema,
  type FieldValues,
  FrsError,
  isJsonObject,
  parseJsonBody,
  typeFields,
  typeText,
} from '@openfrs/contract';
import { decodeWords } from 'postal-mime';
import type { Objects } from '../ports/objects.ts';
import { sidecarKey } from './upload-key.ts';

/** A sidecar holds ten fields of 256 letters at most. */
const maxSidecarBytes = 64 * 1024;

/**
 * The custom fields of an upload: of its sidecar `….json` (a JSON object of fields, or the same under
 * `external_fields`) if there is one, else of the object's metadata (`x-amz-meta-<field>`; S3 keeps metadata
 * names in lower case, so fields are found without regard to case; other metadata is left alone).
 * @throws FrsError FRS.0014 the sidecar is no JSON object, FRS.0405, FRS.0406
 */
export async function uploadFields(
  objects: Objects,
  bucket: string,
  key: string,
  metadata: Readonly<Record<string, string>>,
  schema: FieldSchema,
): Promise<FieldValues> {
  const sidecar = await readSidecar(objects, bucket, sidecarKey(key));
  if (sidecar === undefined) return metadataFields(metadata, schema);
  const parsed = parseJsonBody(sidecar);
  const fields = parsed.external_fields ?? parsed;
  if (!isJsonObject(fields)) throw new FrsError('FRS.0014', 'The fields in the sidecar are no object.');
  return typeFields(schema, fields);
}

async function readSidecar(objects: Objects, bucket: string, key: string): Promise<Uint8Array | undefined> {
  try {
    return await objects.read(bucket, key, maxSidecarBytes);
  } catch (error) {
    if (error instanceof FrsError && error.code === 'FRS.0024') return undefined;
    throw error;
  }
}

function metadataFields(metadata: Readonly<Record<string, string>>, schema: FieldSchema): FieldValues {
  // S3 brings metadata that is not ASCII back as encoded words (RFC 2047).
  const texts = new Map(
    Object.entries(metadata).map(([name, text]) => [name.toLowerCase(), decodeWords(text)]),
  );
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, type]) => {
      const text = texts.get(name.toLowerCase());
      if (text === undefined) return [];
      const value = typeText(type, text);
      if (value === undefined) throw new FrsError('FRS.0406', `Field: ${name}, type: ${type}.`);
      return [[name, value]];
    }),
  );
}
