import { scrypt } from 'node:crypto';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { createVideoDecoder } from '@openfrs/video';
import { type InferenceSession, onnx } from '@openfrs/vision/onnxruntime';
import type Sharp from 'sharp';

/*
 * A function that does what an operation must: imports the packages that it asks something of, makes the sessions that it runs, and runs
 * them, with no code of ours but the video's decoder. bare.ts puts a constant in the place of each member of `uses`, so that the bundler drops the rest.
 */
declare const uses: {
  readonly dynamodb: boolean;
  readonly forms: boolean;
  readonly models: boolean;
  readonly passwords: boolean;
  readonly video: boolean;
};

/** One run of a model on uint8 pixels of this shape. */
export interface BareRun {
  readonly file: string;
  readonly dims: readonly number[];
}

export interface BareWork {
  readonly table: string;
  /** Requests to DynamoDB, one after another. */
  readonly requests: number;
  /** Pictures to decode, in Base64. */
  readonly pictures: readonly string[];
  /** A video to decode, in Base64. */
  readonly video?: string;
  readonly runs: readonly BareRun[];
}

export interface BareAnswer {
  /** Milliseconds since the process began, and of its processor time, when all is imported and each session is made. */
  readonly readyMs: number;
  readonly readyProcessorMs: number;
}

const sharp = uses.models ? (createRequire(import.meta.url)('sharp') as typeof Sharp) : undefined;
const dynamodb = uses.dynamodb ? new DynamoDBClient({}) : undefined;
const s3 = uses.forms ? new S3Client({}) : undefined;

/** Waiting threads of onnxruntime spin by default, which counts as processor time where cores are few. */
const asOurs: InferenceSession.SessionOptions = {
  enableMemPattern: false,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/** What SST's runtime loop calls. */
export async function handler({ table, requests, pictures, video, runs }: BareWork): Promise<BareAnswer> {
  const sessions = new Map<string, InferenceSession>();
  if (uses.models) {
    for (const { file } of runs) {
      if (!sessions.has(file)) sessions.set(file, await onnx.InferenceSession.create(file, asOurs));
    }
  }
  const ready = { readyMs: performance.now(), readyProcessorMs: processorMs() };
  if (uses.dynamodb) {
    const Key = { pk: { S: 'nobody' }, sk: { S: 'nothing' } };
    for (let request = 0; request < requests; request += 1) {
      await dynamodb?.send(new GetItemCommand({ TableName: table, Key }));
    }
  }
  if (uses.forms && s3) await createPresignedPost(s3, { Bucket: 'media', Key: 'key' });
  if (uses.passwords) {
    const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 27 };
    await promisify<string, string, number, object, Buffer>(scrypt)('password', 'salt', 32, cost);
  }
  if (uses.video && video !== undefined) {
    await createVideoDecoder({
      ...(process.env.FFMPEG_CORE_PATH && { corePath: process.env.FFMPEG_CORE_PATH }),
      ...(process.env.FRS_VIDEO_WORKER && { workerPath: process.env.FRS_VIDEO_WORKER }),
    }).decode(Buffer.from(video, 'base64'), async () => {});
  }
  if (uses.models) {
    for (const file of pictures) {
      await sharp?.(Buffer.from(file, 'base64')).removeAlpha().raw().toBuffer();
    }
    for (const { file, dims } of runs) {
      const size = dims.reduce((product, side) => product * side, 1);
      const pixels = new onnx.Tensor('uint8', new Uint8Array(size).fill(127), [...dims]);
      await sessions.get(file)?.run({ pixels });
    }
  }
  return ready;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
