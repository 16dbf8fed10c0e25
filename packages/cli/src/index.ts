export { main } from './main.ts';
export { program, run } from './program.ts';
export type { Terminal } from './terminal/terminal.ts';
