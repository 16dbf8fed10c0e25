import { FrsError, parseJsonBody } from '@openfrs/contract';
import {
  AccountConflict,
  authoriseOperator,
  confirmOperator,
  type FaceSets,
  isOperator,
} from '@openfrs/core';
import { authRequestOf, type HttpEnv, type PipelinePorts, type RouteOptions } from '@openfrs/http';
import { Hono } from 'hono';
import { ownProject } from '../own-project.ts';
import type { UsageCounter } from '../usage-counter.ts';
import { type AccountPorts, accountChanges } from './account-changes.ts';
import { domainReport, domainRows } from './domain-report.ts';
import type { ServiceReport, SessionReport } from './reports.ts';

export interface OperatorPorts extends PipelinePorts, AccountPorts {
  readonly faceSets: Pick<FaceSets, 'keepsCrops'>;
  about(): Promise<ServiceReport>;
}

/**
 * `GET /console/session`: whether the session's user is an operator. Behind `/console/operator/`, for operators only: the domains, one
 * of them with all that belongs to it, the service and its settings, and a POST for each change of `accountChanges`.
 */
export function operatorApp(options: RouteOptions<OperatorPorts>, usage: UsageCounter): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.get(
    '/console/session',
    ownProject(options).handle('console-session', async ({ caller, ports }) => {
      const body: SessionReport = {
        isOperator: await isOperator(caller, ports.identity),
        keepsCrops: ports.faceSets.keepsCrops === true,
      };
      return { status: 200, body };
    }),
  );
  app.get(
    '/console/operator/domains',
    operators(options).handle('console-domains', async ({ ports }) => ({
      status: 200,
      body: { domains: await domainRows(ports.accounts) },
    })),
  );
  app.get(
    '/console/operator/domains/:domain_id',
    operators(options).handle('console-domain', async ({ ports, pathParameter }) => {
      const id = pathParameter('domain_id') ?? '';
      const requestsOf = (projectId: string) => usage.total(projectId, ports.now());
      return { status: 200, body: await answered(() => domainReport(id, ports, requestsOf)) };
    }),
  );
  app.get(
    '/console/operator/service',
    operators(options).handle('console-service', async ({ ports }) => ({
      status: 200,
      body: await ports.about(),
    })),
  );
  for (const [name, change] of Object.entries(accountChanges)) {
    app.post(
      `/console/operator/${name}`,
      operators(options).handle(`console-${name}`, async (context) => {
        const { ports, body } = context;
        const given = parseJsonBody(await body.read());
        await confirmOperator(authRequestOf(context), { ...ports.identity, accounts: ports.accounts });
        const { target, answer } = await answered(() => change(given, ports));
        context.record.target = target;
        return { status: 200, body: answer };
      }),
    );
  }
  return app;
}

/** The right is asked for at each request, before anything of it is read. */
const operators = (options: RouteOptions<OperatorPorts>) =>
  ownProject(options).use(async ({ caller, ports }, next) => {
    await authoriseOperator(caller, ports.identity);
    return await next({});
  });

/** What an operator asked for and can't be is the request's fault. @throws FrsError FRS.0012 */
async function answered<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AccountConflict || error instanceof RangeError) {
      throw new FrsError('FRS.0012', error.message);
    }
    throw error;
  }
}
