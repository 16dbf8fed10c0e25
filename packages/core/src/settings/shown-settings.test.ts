import { expect, test } from 'vitest';
import { settings } from './settings.ts';
import { shownSettings } from './shown-settings.ts';

const secret = 'c2VjcmV0LXRoYXQtbm9ib2R5LXNlZXM';

test('settings of servers are shown with their values, and what is not set without one', () => {
  const shown = shownSettings({ PORT: '8081', FRS_HOST: '' });
  expect(shown.find(({ name }) => name === 'PORT')).toMatchObject({ value: '8081', preset: '8080' });
  expect(shown.find(({ name }) => name === 'FRS_HOST')).not.toHaveProperty('value');
  expect(shown.map(({ name }) => name)).not.toContain('FRS_PASSWORD');
});

test('no secret is shown, however it is given: only that it is set', () => {
  const all = Object.keys(settings).flatMap((name) => [name, `${name}_FILE`]);
  const secrets = Object.entries(settings).flatMap(([name, setting]) =>
    'file' in setting && setting.file ? [name] : [],
  );
  const text = JSON.stringify(shownSettings(Object.fromEntries(secrets.map((name) => [name, secret]))));
  expect(text).not.toContain(secret);
  const files = shownSettings(Object.fromEntries(all.map((name) => [name, '/run/secrets/one'])));
  expect(files.find(({ name }) => name === 'FRS_SECRET_KEY')?.value).toBe('•••');
});

test.each([
  'https://ann:secret@db.example.com/x',
  'http://only-secret@db.example.com',
  'https://a:se@cret@h/',
])('the password in the address %s is not shown', (address) => {
  const [shown] = shownSettings({ AWS_ENDPOINT_URL_S3: address }).filter(({ value }) => value !== undefined);
  expect(shown?.value).toMatch(/^https?:\/\/•••@[a-z.]+/);
  expect(shown?.value).not.toMatch(/secret|cret@/);
});
