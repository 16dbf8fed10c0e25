/** The part of npm's configuration reader that we use; the package brings no types. */
declare module '@npmcli/config' {
  export default class Config {
    constructor(options: {
      definitions: unknown;
      flatten: unknown;
      shorthands: unknown;
      npmPath: string;
      argv: string[];
      cwd: string;
      env: Record<string, string | undefined>;
    });
    load(): Promise<void>;
    readonly flat: Record<string, unknown>;
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const npm: { definitions: unknown; flatten: unknown; shorthands: unknown };
  export default npm;
}
