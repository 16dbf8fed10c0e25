import type { Platform } from './lockfile.ts';

/**
 * What of a package a running function needs: no documents, types, sources and maps, no binaries of other
 * platforms and no GPU providers (Lambda has none). `path` is inside the package.
 */
export function isNeeded(name: string, path: string, platform: Platform): boolean {
  if (/\.(md|ts|mts|cts|map|tsbuildinfo|cc|h|gyp|gypi|markdown|flow)$/i.test(path)) return false;
  if (name === 'onnxruntime-node') {
    if (path.startsWith('bin/')) return path.startsWith(`bin/napi-v6/${platform.os}/${platform.cpu}/`);
    return path === 'package.json' || path.startsWith('dist/') || path.startsWith('LICENSE');
  }
  if (name === 'onnxruntime-common') return !path.startsWith('dist/esm/') && !path.startsWith('lib/');
  if (name === 'sharp') return !path.startsWith('src/') && !path.startsWith('install/');
  return !/^(test|tests|docs|example|examples|scripts)\//.test(path);
}
