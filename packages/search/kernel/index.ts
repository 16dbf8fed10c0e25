export { hashBegin, hashEnd, hashMore } from './hash';
export { scanMany } from './many';
export { rescore } from './rescore';
export { rotate } from './rotate';
export { scan, scanList } from './scan';
export { turn } from './turn';
