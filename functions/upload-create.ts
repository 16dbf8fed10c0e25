import { uploadCreate } from '@openfrs/core/operations/upload-create.ts';
import { door, lambda } from '@openfrs/http';
import { gateway } from './wiring/gateway.ts';
import { uploads } from './wiring/uploads.ts';

export const app = door('upload-create', uploadCreate, () => ({ ...gateway(), uploads: uploads() }));
export const handler = lambda(app);
