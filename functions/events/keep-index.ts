import { readConfig } from '@openfrs/core';
import { createService, maintainIndex } from '@openfrs/service';

export const handler = maintainIndex(createService(readConfig(), { operations: [] }));
