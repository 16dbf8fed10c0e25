import { readConfig } from '@openfrs/core/config.ts';
import { createService, sweep } from '@openfrs/service';

export const handler = sweep(createService(readConfig(), { operations: [] }));
