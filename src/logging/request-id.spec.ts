import { requestIdOf } from './request-id.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('the id of a request', () => {
  test('is the one that a proxy gave', () => {
    expect(requestIdOf({ headers: { 'x-request-id': 'Root-1.67891233_abc' } })).toBe('Root-1.67891233_abc');
  });

  test.each([
    undefined,
    '',
    'short',
    'x'.repeat(129),
    'with spaces in it',
    'new\nline-12345',
    '"quoted-text"',
    ['a'.repeat(9)],
  ])('is one of our own in the place of %j', (given) => {
    expect(requestIdOf({ headers: { 'x-request-id': given as string } })).toMatch(UUID);
  });
});
