import { describe, expect, it } from 'vitest';
import { enginesNotice } from './startup-banner.ts';

const own = {
  AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:8081',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8082',
};

describe('npm start that is given engines', () => {
  it('says that it leaves them alone, and what uses them', () => {
    const notice = enginesNotice({ ...own, AWS_ENDPOINT_URL_S3: 'https://s3.example.com' }, own);
    expect(notice).toMatch(/^AWS_ENDPOINT_URL_S3 is set and not used: .*openfrs serve/);
    expect(enginesNotice({ FRS_HOST: '0.0.0.0', FRS_TABLE_ACCOUNTS: 'x' }, own)).toMatch(
      /^FRS_TABLE_ACCOUNTS, FRS_HOST are set/,
    );
  });

  it('says nothing in a shell that has read its credentials', () => {
    expect(enginesNotice(own, own)).toBeUndefined();
    expect(enginesNotice({}, own)).toBeUndefined();
  });
});
