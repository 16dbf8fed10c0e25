export { scanMany } from './many';
export { rescore } from './rescore';
export { scan, scanList } from './scan';
export { hashBegin, hashEnd, hashMore } from './hash';
