import { type DoorEnv, lambda, notFound } from '@openfrs/http';
import { Hono } from 'hono';

/** Every path that the API doesn't have: 404 APIG.0101. */
export const app = new Hono<DoorEnv>();
app.all('*', notFound);
export const handler = lambda(app);
