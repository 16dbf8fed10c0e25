#!/usr/bin/env node
// The warning that later AWS SDKs need a newer Node is for developers, not for users of the command line.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const serves = process.argv[2] === 'serve';
// libuv reads it when it first needs a thread, which loading an ES module does: with its 4, short requests wait behind passwords.
if (serves) process.env.UV_THREADPOOL_SIZE ??= '8';

async function run() {
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import('../src/main.ts');
  const code = await main();
  // A server has closed everything; a forgotten handle of a library shall not keep the process.
  if (serves) process.exit(code);
  process.exitCode = code;
}
void run();
