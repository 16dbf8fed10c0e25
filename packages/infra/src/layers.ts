import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Settings } from './settings.ts';

export interface Layers {
  /** onnxruntime-node and sharp, pruned to one platform. */
  readonly native: aws.lambda.LayerVersion;
  /** The default models as ONNX. */
  readonly models: aws.lambda.LayerVersion;
  /** @ffmpeg/core and the worker that runs it: GPL, kept apart from our code and replaceable. */
  readonly ffmpeg: aws.lambda.LayerVersion;
}

/**
 * The zips that `npm run layers` wrote; byte-reproducible, so an unchanged layer is not published again. They
 * go through a bucket: a direct upload may have 50 MB.
 */
export function layers({ architecture }: Settings, bucket: sst.aws.Bucket): Layers {
  const suffix = architecture === 'arm64' ? 'arm64' : 'x64';
  const version = (name: string, file: string, description: string) => {
    const path = `${$cli.paths.root}/.layers/${file}`;
    if (!existsSync(path)) throw new Error(`${path} is missing: npm run layers`);
    const digest = createHash('sha256').update(readFileSync(path)).digest('base64');
    const object = new aws.s3.BucketObjectv2(`${name}Zip`, {
      bucket: bucket.name,
      key: `layers/${file}`,
      source: new $util.asset.FileAsset(path),
      sourceHash: digest,
    });
    return new aws.lambda.LayerVersion(name, {
      layerName: `${$app.name}-${$app.stage}-${name.toLowerCase()}`,
      description,
      s3Bucket: object.bucket,
      s3Key: object.key,
      sourceCodeHash: digest,
      compatibleArchitectures: [architecture],
      compatibleRuntimes: ['nodejs24.x'],
    });
  };
  return {
    native: version('Native', `native-${suffix}.zip`, 'onnxruntime-node and sharp'),
    models: version('Models', 'models.zip', 'ONNX models: see models/README.md for their licences'),
    ffmpeg: version('Ffmpeg', 'ffmpeg.zip', '@ffmpeg/core (GPL-2.0-or-later)'),
  };
}
