import { readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { maxMediaBytes } from '@openfrs/core';
import { createObjects, listObjects } from '@openfrs/store';
import { isPhoto, photosOf } from '../api/photos.ts';
import { CliError } from '../failure.ts';
import type { Stores } from '../stores.ts';

/** The photos that a set's faces came from. */
export interface PhotoSource {
  /** Paths with `/`, below the folder or the prefix. */
  readonly names: readonly string[];
  read(name: string): Promise<Uint8Array>;
}

/** `s3://bucket/prefix`, or a folder. @throws CliError there is none, or no photo in it */
export async function openPhotoSource(from: string, stores: Stores): Promise<PhotoSource> {
  const source = from.startsWith('s3://') ? await bucketSource(from, stores) : await folderSource(from);
  if (source.names.length === 0) throw new CliError(`There is no photo in ${from}.`);
  return source;
}

async function folderSource(folder: string): Promise<PhotoSource> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new CliError(`There is no folder ${folder}.`);
  const files = await photosOf([folder]);
  return {
    names: files.map((file) => relative(folder, file).replaceAll(sep, '/')),
    read: (name) => readFile(join(folder, name)),
  };
}

async function bucketSource(address: string, stores: Stores): Promise<PhotoSource> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(address) ?? [];
  if (bucket === undefined) throw new CliError(`${address} is no address of a bucket: s3://bucket/prefix.`);
  const { s3 } = stores.clients();
  const names: string[] = [];
  for await (const page of listObjects(s3, bucket, prefix)) {
    names.push(...page.map(({ key }) => key.slice(prefix.length)).filter(isPhoto));
  }
  const objects = createObjects(s3);
  return { names, read: (name) => objects.read(bucket, `${prefix}${name}`, maxMediaBytes) };
}
