import { readConfig } from '@openfrs/core/config.ts';
import { once } from './once.ts';

export const settings = once('settings', () => readConfig());
