/** What dynalite's parsers are given beside an expression's text. */
interface ParseOptions {
  readonly context: {
    readonly attrNames?: object | null | undefined;
    readonly attrVals?: object | null | undefined;
    readonly isKeyCondition?: boolean;
    /** The names and values that no expression has used yet, as keys: a parser takes out what it meets. */
    readonly unusedAttrNames: Record<string, true>;
    readonly unusedAttrVals: Record<string, true>;
  };
}

interface Parser {
  parse(text: string, options: ParseOptions): unknown;
}

/**
 * Has a parser of dynalite's keep its last result: writes of one transaction mostly have one condition, and parsing it takes a third of
 * what checking the write does. A result holds the values that it was parsed with, so these are compared, too.
 */
export function rememberLastCondition(parser: Parser): void {
  const parse = parser.parse.bind(parser);
  let last: { readonly key: string; readonly result: unknown; readonly used: readonly string[] } | undefined;
  parser.parse = (text, options) => {
    const { context } = options;
    const { attrNames, attrVals, isKeyCondition, unusedAttrNames, unusedAttrVals } = context;
    const key = JSON.stringify([text, attrNames, attrVals, isKeyCondition]);
    if (last?.key !== key) {
      // What this expression alone leaves unused: others of the request may have been parsed before it.
      const left = { unusedAttrNames: allOf(attrNames), unusedAttrVals: allOf(attrVals) };
      const all = { ...left.unusedAttrNames, ...left.unusedAttrVals };
      const own = { ...context, ...left, attrVals: structuredClone(attrVals) };
      const result = parse(text, { ...options, context: own });
      const used = Object.keys(all).filter(
        (name) => !(name in left.unusedAttrNames) && !(name in left.unusedAttrVals),
      );
      last = { key, result, used };
    }
    // Names begin with #, values with a colon.
    for (const name of last.used) {
      delete unusedAttrNames[name];
      delete unusedAttrVals[name];
    }
    return last.result;
  };
}

const allOf = (named: object | null | undefined): Record<string, true> =>
  Object.fromEntries(Object.keys(named ?? {}).map((name) => [name, true]));
