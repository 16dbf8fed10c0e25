import { modelsDir } from '@openfrs/models';
import { buildSite } from './site.ts';

/** `npm run site -w packages/console`: the console as static files, in `dist`. */
await buildSite({ models: modelsDir(process.env) });
