// The image's health check: exit code 0 while /health of this container answers 200.
import http from 'node:http';
import https from 'node:https';

const { PORT, FRS_TLS_CERTIFICATE, FRS_TLS_CERTIFICATE_FILE } = process.env;
const hasTls = Boolean(FRS_TLS_CERTIFICATE || FRS_TLS_CERTIFICATE_FILE);
// To itself: the certificate is for another name, and nothing secret is sent.
const options = {
  host: '127.0.0.1',
  port: PORT || 8080,
  path: '/health',
  timeout: 4000,
  rejectUnauthorized: false,
};
const asked = (hasTls ? https : http).get(options, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
);
asked.on('error', () => process.exit(1));
asked.on('timeout', () => process.exit(1));
