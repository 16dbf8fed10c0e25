import { readConfig } from '@openfrs/core/config.ts';
import { createService, maintainIndex } from '@openfrs/service';

export const handler = maintainIndex(createService(readConfig(), { operations: [] }));
