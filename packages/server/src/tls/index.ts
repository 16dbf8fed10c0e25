export { checkCertificate } from './tls-files.ts';
