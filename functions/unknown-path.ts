import { httpApp, lambda } from '@openfrs/http';

/** Every path that the API doesn't have: 404 APIG.0101. */
export const app = httpApp();
export const handler = lambda(app);
