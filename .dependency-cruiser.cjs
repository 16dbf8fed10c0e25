/*
 * `npm run check:imports`: which folder may import which, as it holds today (packages/README.md says it in words).
 * Read with swc, as TypeScript 7 has no compiler API; swc's reader takes no JSX, so the console's pages (*.tsx) are left out.
 */

/** What each folder's own code (tests aside) may import of the others. An empty list: nothing of ours. */
const mayImport = {
  'packages/contract': [],
  'packages/embedded': [],
  'packages/kernels': [],
  'packages/testing': [
    'packages/contract',
    'packages/core',
    'packages/http',
    'packages/service',
    'packages/store',
  ],
  'packages/video': ['packages/contract'],
  models: [],
  'packages/client': ['packages/contract'],
  'packages/core': ['packages/contract'],
  'packages/search': ['packages/contract', 'packages/kernels'],
  'packages/http': ['packages/contract', 'packages/core'],
  'packages/store': ['packages/contract', 'packages/core', 'packages/search'],
  'packages/vision': ['packages/contract', 'packages/core', 'packages/kernels', 'models'],
  'packages/service': [
    'packages/contract',
    'packages/core',
    'packages/http',
    'packages/store',
    'packages/vision',
    'packages/liveness',
    'packages/video',
    'models',
  ],
  'packages/liveness': [
    'packages/contract',
    'packages/core',
    'packages/kernels',
    'packages/vision',
    'packages/video',
  ],
  'packages/console': ['packages/contract', 'packages/core', 'packages/http', 'models'],
  'packages/publishing': ['packages/console/server', 'packages/video'],
  'packages/infra': ['packages/contract', 'packages/http', 'packages/console/server'],
  'packages/cli': [
    'packages/client',
    'packages/contract',
    'packages/core',
    'packages/server',
    'packages/service',
    'packages/store',
    'packages/vision',
    'packages/liveness',
    'packages/video',
    'packages/embedded',
    'models',
  ],
  'packages/server': [
    'packages/contract',
    'packages/core',
    'packages/http',
    'packages/store',
    'packages/service',
    'packages/vision',
    'packages/liveness',
    'packages/video',
    'packages/embedded',
    'packages/console/server',
    'models',
  ],
  functions: ['packages/core', 'packages/service'],
  layers: ['packages/video', 'models'],
};

/** The files that a folder's `exports` open to the others. */
const openFiles = (folder) =>
  Object.values(require(`./${folder}/package.json`).exports).map((file) => `^${folder}/${file.slice(2)}$`);
/** Folders that others import from: those with a package.json. */
const packages = Object.keys(mayImport).filter((folder) => folder !== 'functions');

/** Third parties with one importer. */
const importers = {
  '@aws-sdk/(?!crc64-nvme/)': 'packages/store',
  '@ffmpeg/': 'packages/video',
  'onnxruntime-node/': 'packages/vision',
  'sharp/': 'packages/vision',
  'jose/': 'packages/core',
  '(pino|prom-client)/': 'packages/server',
  '@opentelemetry/': 'packages/server/src/tracing',
  'commander/': 'packages/cli',
  'preact/': 'packages/console',
  'hono/': 'packages/(http|service|server|console/server)',
  '(classic-level|dynalite)/': 'packages/embedded',
};

/** The store's tiers, lowest first: a folder imports itself and lower tiers, never a higher one or a neighbour in its own. */
const storeTiers = [
  ['dynamodb/'],
  ['face-sets/records/'],
  ['face-sets/segments/'],
  ['face-sets/context\\.ts$'],
  ['face-sets/protocol/'],
  ['face-sets/index/', 'face-sets/maintenance/', 'face-sets/transfer/'],
  ['face-sets/face-records\\.ts$'],
  ['face-sets/face-sets\\.ts$'],
];
const inStore = (folder) => `^packages/store/src/${folder}`;

const ours = '^(packages/[^/]+|functions|models|layers)/';
const tests = '(\\.test\\.ts$|(^|/)test/)';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Move what both need, mostly a type, into a file below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `may-import:${folder}`,
      comment: 'The table in packages/README.md.',
      severity: 'error',
      from: { path: `^${folder}/`, pathNot: tests },
      to: { path: ours, pathNot: [folder, ...allowed].map((each) => `^${each}/`) },
    })),
    ...packages.map((folder) => ({
      name: `closed-exports:${folder}`,
      comment:
        'Import what its package.json exports, tests too; what is missing there is exported by its index.ts.',
      severity: 'error',
      from: { pathNot: `^${folder}/` },
      to: { path: `^${folder}/`, pathNot: openFiles(folder) },
    })),
    ...Object.entries(importers).map(([dependency, importer]) => ({
      name: `one-importer:${dependency}`,
      comment: `Only ${importer} imports ${dependency}; tests and benches are exempt.`,
      severity: 'error',
      from: { path: ours, pathNot: [`^${importer}/`, tests] },
      to: { path: `^node_modules/${dependency}` },
    })),
    {
      name: 'onnxruntime-in-one-file',
      comment:
        'What turns its telemetry off stands there, before its first import: import @openfrs/vision/onnxruntime.',
      severity: 'error',
      from: { pathNot: '^packages/vision/src/runtime/onnxruntime\\.ts$' },
      to: { path: '^node_modules/onnxruntime-node/', pathNot: 'package\\.json$' },
    },
    ...storeTiers.flatMap((tier, i) =>
      tier.map((folder) => ({
        name: `store-tier:${folder.replace('\\.ts$', '.ts')}`,
        comment: 'packages/store/README.md has the tiers. Move what both need into a lower one.',
        severity: 'error',
        from: { path: inStore(folder), pathNot: tests },
        to: {
          path: '^packages/store/src/',
          pathNot: [folder, ...storeTiers.slice(0, i).flat()].map(inStore),
        },
      })),
    ),
    {
      name: 'store-adapters',
      comment: 'Adapters know the table, and of the face sets what a maintenance task is.',
      severity: 'error',
      from: { path: inStore('adapters/'), pathNot: tests },
      to: {
        path: '^packages/store/src/',
        pathNot: ['adapters/', 'dynamodb/', 'face-sets/context\\.ts$'].map(inStore),
      },
    },
    {
      name: 'store-backup',
      comment: 'A backup is made of everything: nothing in the store is made of backups.',
      severity: 'error',
      from: { path: '^packages/store/src/', pathNot: [inStore('backup/'), inStore('index\\.ts$'), tests] },
      to: { path: inStore('backup/') },
    },
    {
      name: 'no-test-in-source',
      comment: 'Code that is run does not import what only tests use.',
      severity: 'error',
      from: { path: ours, pathNot: tests },
      to: { path: [tests, '^test/'] },
    },
    {
      name: 'vision-from-its-own-entry',
      comment: 'Models are native modules: whoever composes a bundle without them must not get them with it.',
      severity: 'error',
      from: { path: '^packages/service/', pathNot: ['/in-process-[^/]+$', tests] },
      to: { path: '^packages/(vision|liveness|video)/' },
    },
    {
      name: 'no-entry-point-import',
      comment: 'functions/ holds entry points: nothing imports them.',
      severity: 'error',
      from: {},
      to: { path: '^functions/' },
    },
    {
      name: 'resolvable',
      comment: 'An import names what is there. (SST unpacks Pulumi when it plans.)',
      severity: 'error',
      from: { pathNot: '^test/cloud/stand-in/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    exclude: { path: ['\\.tsx$', '^packages/[^/]+/kernel/'] },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.cjs', '.js', '.json'],
    },
  },
};
