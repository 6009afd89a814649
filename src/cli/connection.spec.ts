import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeyVaultEnvironment } from '../environment.js';
import type { CliEnvironment } from './cli-environment.js';
import { findConnection } from './connection.js';

describe('the connection', () => {
  let folder: string;
  let warnings: string[];
  let environment: CliEnvironment;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trs-config-'));
    warnings = [];
    const nothing = { server: undefined, token: undefined, tokenFile: undefined, offlinePassphrase: undefined };
    const keyVaults = () => readKeyVaultEnvironment({});
    environment = { ...nothing, keyVaults, configFile: join(folder, 'config.json'), trustFolder: folder };
  });
  afterEach(() => rm(folder, { recursive: true }));

  const find = (flags: { server?: string; token?: string } = {}, more: Partial<CliEnvironment> = {}) =>
    findConnection(flags, { ...environment, ...more }, (text) => warnings.push(text));
  const configure = (config: object) => writeFile(environment.configFile, JSON.stringify(config), { mode: 0o600 });

  test('is to this machine, without a token, when nothing is said', async () => {
    const { server, token } = await find();
    expect([server.href, token]).toEqual(['http://127.0.0.1:3000/', undefined]);
  });

  test('takes flags before the environment, and that before the config file', async () => {
    await configure({ server: 'https://config.example', token: 'config' });
    expect(await find()).toMatchObject({ server: new URL('https://config.example'), token: 'config' });
    expect(await find({}, { server: 'https://env.example', token: 'env' })).toMatchObject({ token: 'env' });
    expect(await find({ server: 'https://flag.example', token: 'flag' }, { token: 'env' })).toMatchObject({
      token: 'flag',
    });
  });

  test('does not send the token of the config file to another server', async () => {
    await configure({ server: 'https://config.example', token: 'config' });
    expect((await find({ server: 'https://other.example' })).token).toBeUndefined();
  });

  test('keeps a path in the address', async () => {
    expect((await find({ server: 'https://example.com/trs' })).server.href).toBe('https://example.com/trs/');
  });

  test('warns of a token that others may read', async () => {
    await configure({ token: 'config' });
    await chmod(environment.configFile, 0o644);
    await find();
    expect(warnings).toEqual([expect.stringContaining('chmod 600')]);
  });

  test('warns of a token that travels unencrypted', async () => {
    await find({ server: 'http://trs.example.com', token: 'flag' });
    expect(warnings).toEqual([expect.stringContaining('unencrypted')]);
  });

  test('reads the token from a file', async () => {
    await writeFile(join(folder, 'token'), 'from-file\n');
    expect((await find({}, { tokenFile: join(folder, 'token') })).token).toBe('from-file');
  });

  test('never quotes a config file that is not JSON', async () => {
    await writeFile(environment.configFile, 'token: secret');
    await expect(find()).rejects.toThrow(/^(?!.*secret).*is not JSON$/);
  });
});
