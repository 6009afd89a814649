import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../environment.js';
import { SmallSigstore } from './testing/small-sigstore.js';
import { verifierFromFile } from './trusted-root-file.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trs-trusted-root-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the file of the trusted root', () => {
  test('is read', async () => {
    const file = join(folder, 'right.json');
    await writeFile(file, JSON.stringify(new SmallSigstore().trustedRoot));
    expect(verifierFromFile(file)).toBeInstanceOf(Function);
  });

  test.each([
    ['trusts nothing', '{}'],
    ['is not JSON', 'trusted'],
    [
      'has a certificate that is none',
      JSON.stringify({ certificateAuthorities: [{ certChain: {} }], tlogs: [{}], ctlogs: [{}] }),
    ],
  ])('stops the start when it %s', async (_name, content) => {
    const file = join(folder, 'wrong.json');
    await writeFile(file, content);
    expect(() => verifierFromFile(file)).toThrow(EnvironmentError);
  });

  test('stops the start when it is not there, and says which', () => {
    expect(() => verifierFromFile(join(folder, 'none.json'))).toThrow(/TRS_SIGSTORE_TRUSTED_ROOT: .*none\.json/);
  });
});
