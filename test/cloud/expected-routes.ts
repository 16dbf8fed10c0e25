import { operations } from '@openfrs/contract';

/** `face-set-create` → `FaceSetCreate`. */
export const operationOfFunction = ({ name }: { readonly name: string }): string =>
  name.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());

/** What is wrong with a deployment's routes, a sentence each. */
export function routeProblems(
  routes: readonly { readonly key: string; readonly function: string }[],
): string[] {
  const expected = new Map<string, string>([['$default', 'UnknownPath']]);
  for (const operation of operations) {
    for (const path of operation.paths)
      expected.set(`${operation.method} ${path}`, operationOfFunction(operation));
  }
  const found = new Map(routes.map((route) => [route.key, route.function]));
  return [
    ...[...expected].flatMap(([key, name]) => {
      if (!found.has(key)) return [`${key} has no route.`];
      return found.get(key) === name ? [] : [`${key} leads to ${found.get(key)}.`];
    }),
    ...[...found.keys()].filter((key) => !expected.has(key)).map((key) => `${key} is nothing of the API.`),
  ];
}
