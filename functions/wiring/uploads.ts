import { presignedUploads } from '@openfrs/store';
import { clients } from './clients.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** Forms to upload media with. */
export const uploads = once('uploads', () => presignedUploads(clients().s3, settings().mediaBucket));
