import { runBench } from './inputs/run-bench.ts';

// npm run bench NAME [-- options]: runs NAME.ts of this folder, whose `bench` gets the options.
const code = await runBench(process.argv.slice(2), console.error);
if (code !== 0) process.exitCode = code;
