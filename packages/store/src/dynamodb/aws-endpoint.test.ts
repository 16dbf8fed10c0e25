import { expect, it } from 'vitest';
import { isAws } from './aws-endpoint.ts';

it.each([
  undefined,
  'https://dynamodb.eu-central-1.amazonaws.com',
  'https://dynamodb-fips.us-east-1.amazonaws.com',
  'https://vpce-1-a.dynamodb.us-east-1.vpce.amazonaws.com',
  'https://dynamodb.eu-central-1.api.aws',
  'https://s3.cn-north-1.amazonaws.com.cn/',
])('%s is AWS itself', (endpoint) => {
  expect(isAws(endpoint)).toBe(true);
});

it.each([
  'http://127.0.0.1:8000',
  'http://dynamodb:8000',
  'https://amazonaws.com.example.org',
  'https://notamazonaws.com',
])('%s is another engine', (endpoint) => {
  expect(isAws(endpoint)).toBe(false);
});
