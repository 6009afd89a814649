import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEY_SCHEMES, keyIdOf } from '../tuf/key.js';
import { verifySignature } from '../tuf/signature.js';
import { FileKeyVault } from './file-key-vault.js';
import { type KeyUri, KeyVaultError } from './key-vault.js';

const MESSAGE = Buffer.from('what is signed');

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'trs-vault-')), 'keys');
});

afterEach(() => rm(join(folder, '..'), { recursive: true }));

describe('the file key vault', () => {
  test.each(KEY_SCHEMES)('signs with %s keys as TUF clients verify', async (scheme) => {
    const vault = new FileKeyVault(folder, undefined);
    const { uri, key } = await vault.generate(scheme);
    const sig = Buffer.from(await vault.sign(uri, scheme, MESSAGE)).toString('hex');
    expect(uri).toBe(`file:${keyIdOf(key)}.pem`);
    expect(verifySignature(key, MESSAGE, { keyid: keyIdOf(key), sig })).toBe(true);
  });

  test('keeps private keys to their owner, and leaves nothing else behind', async () => {
    const { uri } = await new FileKeyVault(folder, undefined).generate('ed25519');
    const [file, ...others] = await readdir(folder);
    expect([`file:${file}`, others]).toEqual([uri, []]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, file ?? ''))).mode & 0o777).toBe(0o600);
  });

  test('encrypts them at rest when there is a passphrase, and opens them with no other', async () => {
    const { uri } = await new FileKeyVault(folder, 'the passphrase').generate('ed25519');
    expect(await readFile(join(folder, uri.slice('file:'.length)), 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    await expect(new FileKeyVault(folder, 'the passphrase').sign(uri, 'ed25519', MESSAGE)).resolves.toHaveLength(64);
    const wrong = new FileKeyVault(folder, 'another one').sign(uri, 'ed25519', MESSAGE);
    await expect(wrong).rejects.toThrow('is TRS_KEY_PASSPHRASE the one it was made with?');
    await expect(new FileKeyVault(folder, undefined).sign(uri, 'ed25519', MESSAGE)).rejects.toThrow(KeyVaultError);
  });

  test('does not use a key that others can read', async () => {
    const { uri } = await new FileKeyVault(folder, undefined).generate('ed25519');
    await chmod(join(folder, uri.slice('file:'.length)), 0o640);
    await expect(new FileKeyVault(folder, undefined).sign(uri, 'ed25519', MESSAGE)).rejects.toThrow('chmod 600');
  });

  test.each(['file:../secret.pem', 'file:/etc/passwd', 'env:KEY', 'file:', `file:${'a'.repeat(64)}.pem/..`])(
    'reads nothing outside its folder: %s',
    async (uri) => {
      const signing = new FileKeyVault(folder, undefined).sign(uri as KeyUri, 'ed25519', MESSAGE);
      await expect(signing).rejects.toThrow('must be file:KEYID.pem');
    },
  );

  test('says which key is missing', async () => {
    const uri = `file:${'a'.repeat(64)}.pem` as KeyUri;
    await expect(new FileKeyVault(folder, undefined).sign(uri, 'ed25519', MESSAGE)).rejects.toThrow(
      'cannot read the private key',
    );
  });
});
