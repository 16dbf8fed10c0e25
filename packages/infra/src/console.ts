import { existsSync } from 'node:fs';
import { permissions, policy } from '@openfrs/console/policy';
import { docsPolicy } from '@openfrs/http/docs-policy';
import type { Settings } from './settings.ts';

/** What `npm run site -w packages/console` has built. */
const folder = 'packages/console/dist';

/** CloudFront's own policies: `CachingDisabled`, and `AllViewerExceptHostHeader` (API Gateway knows its own name only). */
const noCache = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const allButHost = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/**
 * The web console and the page to try the API at, as files behind CloudFront. What begins with `/v1`, `/v2` or `/v3` is passed
 * on to the API, so that the pages ask no other origin and the policy can be as strict as the local server's.
 * @returns its address
 */
export function consoleSite(
  { domain }: NonNullable<Settings['console']>,
  apiUrl: $util.Output<string>,
): $util.Output<string> {
  if (!existsSync(folder)) throw new Error(`${folder} is missing: npm run site -w packages/console`);
  const [pagesHeaders, docsHeaders] = [headers('Pages', policy), headers('Docs', docsPolicy)];
  const site = new sst.aws.StaticSite('Console', {
    path: folder,
    ...(domain !== undefined && { domain }),
    assets: {
      fileOptions: [
        { files: '**', cacheControl: 'no-cache' },
        { files: 'assets/**', cacheControl: 'public, max-age=31536000, immutable' },
      ],
    },
    transform: {
      assets: (args) => {
        args.enforceHttps = true;
      },
      cdn: (args) => {
        const origin = {
          originId: 'api',
          domainName: apiUrl.apply((url) => new URL(url).host),
          customOriginConfig: {
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: 'https-only',
            originReadTimeout: 30,
            originSslProtocols: ['TLSv1.2'],
          },
        };
        args.origins = $util.output(args.origins).apply((origins) => [...origins, origin]);
        const pages = $util.output(args.defaultCacheBehavior);
        args.orderedCacheBehaviors = pages.apply((own) => [
          ...['/v1/*', '/v2/*', '/v3/*'].map(throughTo('api')),
          ...['/docs', '/docs/*'].map((pathPattern) => ({
            ...own,
            pathPattern,
            responseHeadersPolicyId: docsHeaders.id,
          })),
        ]);
        args.defaultCacheBehavior = pages.apply((own) => ({
          ...own,
          responseHeadersPolicyId: pagesHeaders.id,
        }));
      },
    },
  });
  return site.url;
}

function throughTo(targetOriginId: string) {
  return (pathPattern: string) => ({
    pathPattern,
    targetOriginId,
    viewerProtocolPolicy: 'https-only',
    allowedMethods: methods,
    cachedMethods: ['GET', 'HEAD'],
    cachePolicyId: noCache,
    originRequestPolicyId: allButHost,
  });
}

/** The headers that the local server sends with its pages, and that they are to be asked for over TLS only. */
function headers(name: string, contentSecurityPolicy: string): aws.cloudfront.ResponseHeadersPolicy {
  return new aws.cloudfront.ResponseHeadersPolicy(`Console${name}Headers`, {
    securityHeadersConfig: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: 'no-referrer', override: true },
      strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, override: true },
    },
    customHeadersConfig: {
      items: [
        { header: 'Permissions-Policy', value: permissions, override: true },
        { header: 'Cross-Origin-Opener-Policy', value: 'same-origin', override: true },
        { header: 'Cross-Origin-Resource-Policy', value: 'same-origin', override: true },
      ],
    },
  });
}
