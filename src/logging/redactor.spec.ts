import { newAccessToken } from '../access/access-token.js';
import { Redactor } from './redactor.js';

const token = newAccessToken();
const PEM = '-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIA==\\n-----END PRIVATE KEY-----';

describe('the redactor', () => {
  test.each([
    ['as it is', 'pass"word\\1'],
    ['in JSON', JSON.stringify('pass"word\\1')],
    ['in a URL', encodeURIComponent('pass"word\\1')],
    ['twice', 'pass"word\\1 and pass"word\\1'],
  ])('leaves nothing of what the service is configured with: %s', (_, text) => {
    const redacted = new Redactor(['pass"word\\1']).redact(`before ${text} after`);
    expect(redacted).toMatch(/^before .*\[redacted\].* after$/);
    expect(redacted).not.toMatch(/pass|word/);
  });

  test('leaves nothing of a secret that holds another one', () => {
    const redacted = new Redactor(['passphrase', 'passphrase of the vault']).redact('passphrase of the vault');
    expect(redacted).toBe('[redacted]');
  });

  test.each([
    ['an access token', `token ${token} is unknown`, 'token [redacted] is unknown'],
    ['an access token of before', `trs_${'a-Z_0'.repeat(8)}abc is unknown`, '[redacted] is unknown'],
    ['the secret of a webhook', `key whsec_${'aB3+/'.repeat(8)}abc= here`, 'key [redacted] here'],
    ['a header', `{"authorization":"Bearer abc.def"}`, '{"authorization":"Bearer [redacted]"}'],
    ['an ID token', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl here', 'got [redacted] here'],
    [
      'a password in an address',
      'at postgres://trs:s3cr-et@db.example.com/trs',
      'at postgres://trs:[redacted]@db.example.com/trs',
    ],
    ['a private key', `read ${PEM} from a file`, 'read [redacted] from a file'],
    ['a PIN', 'pkcs11:token=hsm;object=key?pin-value=1234&x=y', 'pkcs11:token=hsm;object=key?pin-value=[redacted]&x=y'],
    ['a query', 'GET /x?token=abcd&y=1', 'GET /x?token=[redacted]&y=1'],
  ])('knows %s by its shape', (_, text, expected) => {
    expect(new Redactor([]).redact(text)).toBe(expected);
  });

  test('leaves alone what is no secret', () => {
    const line = 'trs_key_vault_signatures_total awskms:alias/trs at http://127.0.0.1:3000/api: a key, and a PIN';
    expect(new Redactor(['short']).redact(`${line} short`)).toBe(`${line} short`);
  });
});
