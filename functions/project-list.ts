import { lambda, projectList } from '@openfrs/service';

export const handler = await lambda([projectList]);
