import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Relative addresses, so that the pages can lie anywhere; nothing inline, so that the policy can be strict. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  logLevel: 'warn',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  // While working on the pages (`npx vite packages/console`), the service is beside them.
  server: { proxy: { '^/(v[123]|console|docs|openapi)': 'http://127.0.0.1:8080' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
