import { type KeyUri, KeyVaultError, KeyVaultUnavailableError } from '../key-vault.js';
import { Pkcs11KeyVault } from './pkcs11-key-vault.js';

const URI = 'pkcs11:token=trs;object=timestamp' as KeyUri;
const BYTES = Buffer.from('metadata');
const handle = Buffer.of(1);

const returned = (name: string, code: number) => Object.assign(new Error(name), { code });

/** A module with one token and one key, which fails as told. */
class FakeModule {
  readonly failures = new Map<string, Error>();
  logins = 0;
  sessions = 0;
  load() {}
  C_Initialize() {}
  C_GetSlotList() {
    return [handle];
  }
  C_GetTokenInfo() {
    return { label: 'trs                             ', serialNumber: '1' };
  }
  C_OpenSession() {
    this.sessions += 1;
    return handle;
  }
  C_CloseSession() {
    this.sessions -= 1;
  }
  C_Login() {
    this.logins += 1;
    this.fail('C_Login');
  }
  C_FindObjectsInit() {}
  C_FindObjects() {
    return [handle];
  }
  C_FindObjectsFinal() {}
  C_SignInit() {
    this.fail('C_SignInit');
  }
  async C_SignAsync() {
    return Buffer.alloc(64, 7);
  }

  private fail(name: string) {
    const failure = this.failures.get(name);
    if (failure) throw failure;
  }
}

function scene() {
  const module = new FakeModule();
  const PKCS11 = class {
    constructor() {
      // biome-ignore lint/correctness/noConstructorReturn: a stand-in for the class of pkcs11js
      return module;
    }
  };
  const load = async () => ({ PKCS11 }) as never;
  return { module, vault: new Pkcs11KeyVault({ module: '/lib/hsm.so', pin: '9999' }, load) };
}

const sign = (vault: Pkcs11KeyVault) => vault.sign(URI, 'ed25519', BYTES);

describe('the PKCS #11 vault', () => {
  test('logs in once, and uses the session again', async () => {
    const { module, vault } = scene();
    await sign(vault);
    await sign(vault);
    expect([module.logins, module.sessions]).toEqual([1, 1]);
  });

  test('tries a wrong PIN once only, so that the token does not lock', async () => {
    const { module, vault } = scene();
    module.failures.set('C_Login', returned('CKR_PIN_INCORRECT', 0xa0));
    await expect(sign(vault)).rejects.toThrow('correct TRS_PKCS11_PIN and start again');
    await expect(sign(vault)).rejects.toThrow('the token refuses the PIN');
    await expect(sign(vault)).rejects.not.toThrow('9999');
    expect([module.logins, module.sessions]).toEqual([1, 0]);
  });

  test('opens another session after the token was lost', async () => {
    const { module, vault } = scene();
    module.failures.set('C_SignInit', returned('CKR_DEVICE_REMOVED', 0x32));
    await expect(sign(vault)).rejects.toThrow(KeyVaultUnavailableError);
    module.failures.clear();
    await expect(sign(vault)).resolves.toHaveLength(64);
    expect(module.sessions).toBe(1);
  });

  test('does not ask again for what the token cannot do', async () => {
    const { module, vault } = scene();
    module.failures.set('C_SignInit', returned('CKR_MECHANISM_INVALID', 0x70));
    const signing = sign(vault);
    await expect(signing).rejects.toThrow(KeyVaultError);
    await expect(signing).rejects.not.toThrow(KeyVaultUnavailableError);
    await expect(signing).rejects.toThrow(`${URI}: CKR_MECHANISM_INVALID`);
  });

  test('takes its module from the configuration only', async () => {
    const vault = new Pkcs11KeyVault({ module: undefined, pin: undefined });
    await expect(sign(vault)).rejects.toThrow('TRS_PKCS11_MODULE is not set');
  });
});
