import { describe, expect, it } from 'vitest';
import { locateObject } from './object-url.ts';

const hosts = ['s3.example.com', '127.0.0.1:8081'];

describe('where a stored object is', () => {
  it.each([
    ['/bucket/key', 'bucket', 'key'],
    ['/bucket/a/b c?d#e%20.jpg', 'bucket', 'a/b c?d#e%20.jpg'],
    ['/bucket/..a/...', 'bucket', '..a/...'],
    ['https://bucket.s3.example.com/a/b.jpg', 'bucket', 'a/b.jpg'],
    ['HTTPS://My-Bucket.S3.example.com:443/%E5%AE%B6%20b.jpg', 'my-bucket', '家 b.jpg'],
    ['https://with.dots.s3.example.com/k', 'with.dots', 'k'],
    ['https://bucket.127.0.0.1:8081/k', 'bucket', 'k'],
  ])('%s', (url, bucket, key) => expect(locateObject(url, hosts)).toEqual({ bucket, key }));

  it.each([
    'https://bucket.s3.example.com/',
    'https://bucket.s3.example.com/k?versionId=1',
    'https://bucket.s3.example.com/%zz',
    '/bucket',
    '/bucket/../other/key',
    '/bucket/a/./b',
    'https://bucket.s3.example.com/%2e%2e/other/key',
    `/bucket/${'k'.repeat(1025)}`,
  ])('no object at our own storage: FRS.0021: %s', (url) =>
    expect(() => locateObject(url, hosts)).toThrowError(expect.objectContaining({ code: 'FRS.0021' })),
  );

  it.each([
    'http://bucket.s3.example.com/k',
    'https://s3.example.com/bucket/k',
    'https://bucket.s3.example.com.evil.com/k',
    'https://bucket.s3.example.com@evil.com/k',
    'https://evil.com/bucket.s3.example.com/k',
    'https://user@bucket.s3.example.com/k',
    'https://bucket.s3.example.com\\@evil.com/k',
    'https:bucket.s3.example.com/k',
    'gopher://bucket.s3.example.com/k',
  ])('any other address: FRS.0035: %s', (url) =>
    expect(() => locateObject(url, hosts)).toThrowError(expect.objectContaining({ code: 'FRS.0035' })),
  );
});
