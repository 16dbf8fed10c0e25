import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Relative addresses, so that the pages can lie anywhere; nothing inline, so that the policy can be strict. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  logLevel: 'warn',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
