/**
 * The parameters of a header value such as `form-data; name="a"; filename=b`, by lower-case name, quotes and backslashes before
 * quotes taken off. Of a parameter that is given twice, the first. What can't be read ends the list: never an error.
 */
export function headerParameters(value: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const parameter = /;[ \t]*(?:([^\s=;"]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"[ \t]*|([^;]*)))?/gy;
  parameter.lastIndex = Math.max(value.indexOf(';'), 0);
  for (let match = parameter.exec(value); match !== null; match = parameter.exec(value)) {
    const [, name, quoted, token] = match;
    const key = name?.toLowerCase();
    if (key === undefined || found.has(key)) continue;
    found.set(key, quoted === undefined ? (token ?? '').trim() : quoted.replace(/\\(["\\])/g, '$1'));
  }
  return found;
}
