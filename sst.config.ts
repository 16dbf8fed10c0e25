/// <reference path="./.sst/platform/config.d.ts" />

/**
 * The cloud: API Gateway, one Lambda an operation, tables, buckets, queues and alarms. It names no route itself: everything follows from
 * the table of operations in `@openfrs/contract`; the parts are in `packages/infra`, whose README.md has the settings.
 */
export default $config({
  app(input) {
    const production = input?.stage === 'production';
    return {
      name: 'openfrs',
      home: 'aws',
      removal: production ? 'retain' : 'remove',
      protect: production,
      providers: { aws: { defaultTags: { tags: { application: 'openfrs', stage: input?.stage ?? 'dev' } } } },
    };
  },
  async run() {
    const { deploy } = await import('@openfrs/infra/deploy');
    return deploy();
  },
});
