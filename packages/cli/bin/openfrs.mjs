#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// The warning that later AWS SDKs need a newer Node is for developers, not for users of the command line.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
register();
const { main } = await import('../src/main.ts');
process.exitCode = await main();
