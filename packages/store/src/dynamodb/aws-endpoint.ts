/** Names of AWS's own endpoints: regional, dual-stack, FIPS, and of a VPC; China's too. */
const ownNames = /\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/** Whether requests go to AWS itself. @param endpoint a URL; undefined: the SDK's own choice */
export const isAws = (endpoint: string | undefined): boolean =>
  endpoint === undefined || ownNames.test(new URL(endpoint).hostname);
