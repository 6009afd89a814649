import type { KeyObject } from 'node:crypto';
import { ParallelBound } from '../../parallel-bound.js';
import type { KeyScheme } from '../../tuf/key.js';
import { type KeyUri, KeyVaultError, KeyVaultUnavailableError } from '../key-vault.js';
import type { Pkcs11Settings } from '../key-vault-settings.js';
import { optionalPackage } from '../optional-package.js';
import type { VaultBackend } from '../remote-key-vault.js';
import {
  CKF_OS_LOCKING_OK,
  CKR_CRYPTOKI_ALREADY_INITIALIZED,
  type Cryptoki,
  type CryptokiModule,
  type Handle,
} from './cryptoki.js';
import { isPinRefused, pkcs11Fault, returnValueOf } from './pkcs11-fault.js';
import { Pkcs11Token } from './pkcs11-token.js';
import { type Pkcs11Key, parsePkcs11Uri } from './pkcs11-uri.js';

/** A hung module must not take all of libuv's four threads: files, DNS and other keys need one. */
const MOST_AT_ONCE = 3;

/** HSMs and smart cards through the operator's PKCS #11 module: `pkcs11:token=TOKEN;object=LABEL`. */
export class Pkcs11KeyVault implements VaultBackend {
  private module: Promise<CryptokiModule> | null = null;
  private readonly tokens = new Map<string, Pkcs11Token>();
  private readonly turns = new ParallelBound(MOST_AT_ONCE);
  private refusedPin: KeyVaultError | null = null;

  constructor(
    private readonly settings: Pkcs11Settings,
    private readonly load = () => optionalPackage<Cryptoki>('pkcs11js'),
  ) {}

  publicKey(uri: KeyUri): Promise<KeyObject> {
    return this.onToken(uri, (token, key) => token.publicKey(key));
  }

  sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array> {
    return this.onToken(uri, (token, key) => token.sign(key, scheme, bytes));
  }

  private async onToken<T>(uri: KeyUri, work: (token: Pkcs11Token, key: Pkcs11Key) => Promise<T>): Promise<T> {
    const key = parsePkcs11Uri(uri);
    const name = `${key.token ?? ''}\n${key.serial ?? ''}`;
    if (this.refusedPin) throw this.refusedPin;
    try {
      const token = this.tokens.get(name) ?? this.tokenOf(await this.loaded(), key);
      this.tokens.set(name, token);
      return await work(token, key);
    } catch (error) {
      const fault = pkcs11Fault(uri, error);
      if (fault instanceof KeyVaultUnavailableError) this.tokens.delete(name);
      // Tokens lock after a few wrong PINs, and publishing is tried again for ever.
      if (isPinRefused(error)) this.refusedPin = pinError(uri);
      throw this.refusedPin ?? fault;
    }
  }

  private tokenOf(module: CryptokiModule, { token, serial }: Pkcs11Key): Pkcs11Token {
    const fits = (slot: Handle) => {
      const { label, serialNumber } = module.C_GetTokenInfo(slot);
      return (!token || label.trimEnd() === token) && (!serial || serialNumber.trimEnd() === serial);
    };
    const [slot, second] = module.C_GetSlotList(true).filter(fits);
    if (!slot) throw new KeyVaultUnavailableError(`no token ${token ?? serial} is present`);
    if (second) throw new KeyVaultError(`there are several tokens ${token}; name the serial too`);
    return new Pkcs11Token(module, slot, this.settings.pin, this.turns);
  }

  private loaded(): Promise<CryptokiModule> {
    this.module ??= this.open().catch((error) => {
      this.module = null;
      throw error;
    });
    return this.module;
  }

  private async open(): Promise<CryptokiModule> {
    const { module: path } = this.settings;
    if (path === undefined) throw new KeyVaultError('TRS_PKCS11_MODULE is not set; it names the library of the HSM');
    const { PKCS11 } = await this.load();
    const module = new PKCS11();
    try {
      module.load(path);
      module.C_Initialize({ flags: CKF_OS_LOCKING_OK });
    } catch (error) {
      if (returnValueOf(error) !== CKR_CRYPTOKI_ALREADY_INITIALIZED)
        throw pkcs11Fault(`TRS_PKCS11_MODULE ${path}`, error);
    }
    return module;
  }
}

function pinError(uri: KeyUri): KeyVaultError {
  const advice = 'correct TRS_PKCS11_PIN and start again; it is not tried again, lest the token locks';
  return new KeyVaultError(`${uri}: the token refuses the PIN; ${advice}`);
}
