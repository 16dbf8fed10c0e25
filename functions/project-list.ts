import { lambda, projectList } from '@openfrs/service';

export const handler = lambda([projectList]);
