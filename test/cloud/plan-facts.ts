import type { PolicyStatement } from './lambda/policy.ts';
import type { Plan, PlannedResource } from './plan.ts';

/** The inputs of a planned resource; those that Pulumi keeps secret are shown as they are. */
export function shown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSecret(value)) return shown((value as { value: unknown }).value);
  if (Array.isArray(value)) return value.map(shown);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one)]));
}

/** Pulumi's mark of a secret value. */
const secretMark = '4dabf18193072939515e22adb298388d';
export const isSecret = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && secretMark in value;

export function resourcesOf(plan: Plan, type: string): PlannedResource[] {
  return plan.resources.filter((resource) => resource.type === type);
}

export function resourceOf(plan: Plan, type: string, name: string): PlannedResource {
  const found = resourcesOf(plan, type).find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`${type} ${name} is not in the plan.`);
  return found;
}

/** Pulumi's names of the functions, without their last `Function`. */
export function functionNames(plan: Plan): string[] {
  return resourcesOf(plan, 'aws:lambda/function:Function').map(({ name }) => name.replace(/Function$/, ''));
}

export function functionOf(plan: Plan, name: string): Readonly<Record<string, unknown>> {
  return resourceOf(plan, 'aws:lambda/function:Function', `${name}Function`).inputs;
}

export function environmentOf(plan: Plan, name: string): Readonly<Record<string, string>> {
  const { variables } = shown(functionOf(plan, name).environment) as { variables: Record<string, string> };
  return variables;
}

/** The statements of a function's own policy, in short. */
export function policyOf(plan: Plan, name: string): PolicyStatement[] {
  const role = resourceOf(plan, 'aws:iam/role:Role', `${name}Role`).inputs;
  const policies = (shown(role.inlinePolicies) ?? []) as { policy: string }[];
  return policies.flatMap(({ policy }) => (JSON.parse(policy) as { Statement: PolicyStatement[] }).Statement);
}

/** Which function answers on which of the gateway's routes. */
export function routesOf(plan: Plan): { readonly key: string; readonly function: string }[] {
  const arns = new Map(
    functionNames(plan).map((name) => [
      `arn:aws:lambda:us-east-1:123456789012:function:${String(functionOf(plan, name).name)}`,
      name,
    ]),
  );
  const integrations = new Map(
    resourcesOf(plan, 'aws:apigatewayv2/integration:Integration').map(({ name, inputs }) => [
      `integrations/${name}-id`,
      // A version's number follows where instances are kept warm.
      arns.get(String(shown(inputs.integrationUri)).replace(/:\d+$/, '')),
    ]),
  );
  return resourcesOf(plan, 'aws:apigatewayv2/route:Route').map(({ inputs }) => {
    const name = integrations.get(String(inputs.target));
    if (name === undefined) throw new Error(`The route ${inputs.routeKey} leads to no function.`);
    return { key: String(inputs.routeKey), function: name };
  });
}
