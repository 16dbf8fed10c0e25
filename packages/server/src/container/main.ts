import { runServer } from '../serve/run.ts';

/** The container's process on AWS: on all addresses, behind a load balancer, over the tables and buckets that the environment names. */
process.exit(await runServer({ environment: process.env, host: undefined, mayEmbed: false }));
