import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trs-logs-'));
});

afterEach(() => rm(folder, { recursive: true }));

const keep = (file: string, text: string) => writeFile(join(folder, file), text);

async function look(): Promise<void> {
  const { assertNoSecretsInLogs } = await import(join(import.meta.dirname, '../support/secrets-in-logs.mjs'));
  await assertNoSecretsInLogs(folder);
}

describe('the search for secrets that ends every run', () => {
  test('is content with logs that hold none', async () => {
    await keep('1.started', '.');
    await keep('1.secrets', '"a passphrase of tests"\n');
    await keep('1.log', '{"level":"info","message":"a passphrase"}\n');
    await look();
  });

  test.each([
    ['a secret that a test used', 'a passphrase of tests'],
    ['one that JSON spells differently', 'a "passphrase" of tests'],
  ])('finds %s, in the log of another process, too', async (_name, secret) => {
    await keep('1.secrets', `${JSON.stringify(secret)}\n`);
    await keep('2.log', `${JSON.stringify({ message: 'ok' })}\n${JSON.stringify({ message: `at ${secret}` })}\n`);
    await expect(look()).rejects.toThrow(/hold secrets:\n2\.log: .*passphrase/);
  });

  test.each([
    ['an access token', `trs_${randomBytes(32).toString('base64url')}`],
    ['an ID token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9.c2lnbmF0dXJl'],
    ['the secret of a webhook', `whsec_${randomBytes(32).toString('base64')}`],
    ['a private key', '-----BEGIN EC PRIVATE KEY-----'],
  ])('finds %s of which no test told', async (_name, secret) => {
    await keep('1.log', `{"message":"got ${secret} here"}\n`);
    await expect(look()).rejects.toThrow(/hold secrets/);
  });

  test.each([
    ['no log', async () => keep('1.secrets', '"a passphrase of tests"\n'), /left no log/],
    ['no secret', async () => keep('1.log', '{"message":"ok"}\n'), /no test told/],
  ])('is not content with %s where services ran', async (_name, others, complaint) => {
    await keep('1.started', '.');
    await others();
    await expect(look()).rejects.toThrow(complaint);
  });
});
