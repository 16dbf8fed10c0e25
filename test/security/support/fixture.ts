import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { vi } from 'vitest';
import { done } from '../../contract/support/client.ts';
import { newAccount } from '../../contract/support/operator.ts';
import type { Account } from '../../support/account.ts';
import { photo } from '../../support/photos.ts';
import { type Canary, startCanary } from './canary.ts';

export const set = 'people';
export const victimsBucket = 'victims-photos';

/** Who attacks whom; filled in by `startFixture`. */
export const fixture = {
  attacker: {} as Account,
  victim: {} as Account,
  /** Names that no answer to the attacker may hold. */
  secrets: [] as string[],
  victimsFace: '',
  canary: {} as Canary,
  s3: {} as S3Client,
  /** All that the service has printed. */
  printed: [] as string[],
};

/** Two accounts with a set of the same name, and a face in the victim's. */
export async function startFixture(): Promise<void> {
  for (const stream of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, stream).mockImplementation((...all: unknown[]) => {
      fixture.printed.push(all.map(String).join(' '));
    });
  }
  fixture.canary = await startCanary();
  fixture.s3 = new S3Client({ forcePathStyle: true });
  await fixture.s3.send(new CreateBucketCommand({ Bucket: victimsBucket }));
  await fixture.s3.send(new PutObjectCommand({ Bucket: victimsBucket, Key: 'photo.jpg', Body: photo(2) }));
  fixture.attacker = await newAccount();
  fixture.victim = await newAccount({ buckets: [victimsBucket] });
  const external_fields = { id: { type: 'string' }, n: { type: 'long' } };
  for (const account of [fixture.attacker, fixture.victim]) {
    await done('face-set-create', { json: { face_set_name: set, external_fields }, account });
  }
  await done('face-set-create', { json: { face_set_name: 'victims-own' }, account: fixture.victim });
  const json = {
    image_base64: photo(3).toString('base64'),
    external_image_id: 'victims-image',
    external_fields: { id: 'victims-field', n: 1 },
    single: true,
  };
  const added = await done<{ face_set_id: string; faces: { face_id: string }[] }>('face-add', {
    set,
    account: fixture.victim,
    json,
  });
  fixture.victimsFace = added.faces[0]?.face_id ?? '';
  fixture.secrets = ['victims-i', 'victims-f', 'victims-o', added.face_set_id];
}

export async function stopFixture(): Promise<void> {
  fixture.s3.destroy();
  await fixture.canary.stop();
  vi.restoreAllMocks();
}

/** All that the victim has, as the victim sees it. */
export async function victimsState(): Promise<unknown> {
  return [
    await done('face-set-list', { account: fixture.victim }),
    await done('face-list', { account: fixture.victim, set, query: 'limit=100' }),
  ];
}
