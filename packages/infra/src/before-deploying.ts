import { localSettingsProblem } from './local-settings.ts';

// npm run deploy: asked before the layers are built, which takes minutes.
const problem = localSettingsProblem(process.env);
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
}
