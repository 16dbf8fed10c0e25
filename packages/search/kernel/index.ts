export { scan, scanList } from './scan';
export { xxh64 } from './hash';
