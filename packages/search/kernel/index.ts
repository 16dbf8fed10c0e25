export { scanMany } from './many';
export { rescore } from './rescore';
export { scan, scanList } from './scan';
export { xxh64 } from './hash';
