import { startEmbedded } from '@openfrs/embedded';

/** Runs the stores in a folder until it is killed; for the tests of crashes. Tells where they are on one line. */
const stores = await startEmbedded({ dir: process.argv[2] as string });
console.log(JSON.stringify(stores));
