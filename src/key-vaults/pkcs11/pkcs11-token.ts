import type { KeyObject } from 'node:crypto';
import type { ParallelBound } from '../../parallel-bound.js';
import type { KeyScheme } from '../../tuf/key.js';
import { inputFor } from '../digest.js';
import { derFromP1363 } from '../ecdsa-signature.js';
import { KeyVaultError } from '../key-vault.js';
import {
  type Attribute,
  CK_PARAMS_RSA_PSS,
  CKA_CLASS,
  CKA_ID,
  CKA_LABEL,
  CKF_SERIAL_SESSION,
  CKG_MGF1_SHA256,
  CKM_ECDSA,
  CKM_EDDSA,
  CKM_RSA_PKCS_PSS,
  CKM_SHA256,
  CKO_PRIVATE_KEY,
  CKO_PUBLIC_KEY,
  CKR_USER_ALREADY_LOGGED_IN,
  CKU_USER,
  type CryptokiModule,
  type Handle,
  type Mechanism,
} from './cryptoki.js';
import { returnValueOf } from './pkcs11-fault.js';
import { publicKeyOf } from './pkcs11-public-key.js';
import type { Pkcs11Key } from './pkcs11-uri.js';

const MOST_SIGNATURE_BYTES = 1_024;
const SALT_LENGTH = 32;

/** One token with its sessions; each serves one call at a time. */
export class Pkcs11Token {
  private readonly idle: Handle[] = [];
  private readonly privateKeys = new Map<string, Handle>();

  constructor(
    private readonly module: CryptokiModule,
    private readonly slot: Handle,
    private readonly pin: string | undefined,
    private readonly turns: ParallelBound,
  ) {}

  publicKey(wanted: Pkcs11Key): Promise<KeyObject> {
    return this.inSession(async (session) => {
      const object = this.find(session, CKO_PUBLIC_KEY, 'public', wanted);
      const key = publicKeyOf((type) => this.attribute(session, object, type));
      if (!key) throw new KeyVaultError('the key is of a kind that TUF clients do not verify with');
      return key;
    });
  }

  sign(wanted: Pkcs11Key, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array> {
    return this.inSession(async (session) => {
      const key = this.privateKey(session, wanted);
      this.module.C_SignInit(session, mechanismOf(scheme), key);
      const room = Buffer.alloc(MOST_SIGNATURE_BYTES);
      const signature = await this.module.C_SignAsync(session, inputFor(scheme, bytes), room);
      return scheme.startsWith('ecdsa') ? derFromP1363(signature) : signature;
    });
  }

  // A session that failed is not used again: an operation may still be open in it.
  private inSession<T>(work: (session: Handle) => Promise<T>): Promise<T> {
    return this.turns.run(async () => {
      const session = this.idle.pop() ?? this.open();
      try {
        const result = await work(session);
        this.idle.push(session);
        return result;
      } catch (error) {
        this.close(session);
        throw error;
      }
    });
  }

  private open(): Handle {
    const session = this.module.C_OpenSession(this.slot, CKF_SERIAL_SESSION);
    try {
      if (this.pin !== undefined) this.module.C_Login(session, CKU_USER, this.pin);
    } catch (error) {
      if (returnValueOf(error) === CKR_USER_ALREADY_LOGGED_IN) return session;
      this.close(session);
      throw error;
    }
    return session;
  }

  private close(session: Handle): void {
    try {
      this.module.C_CloseSession(session);
    } catch {
      // the token may be gone, and the session with it
    }
  }

  // Kept for all sessions, as handles of token objects are: a search may ask a token over the network.
  private privateKey(session: Handle, wanted: Pkcs11Key): Handle {
    const name = `${wanted.id?.toString('hex') ?? ''} ${wanted.object ?? ''}`;
    const key = this.privateKeys.get(name) ?? this.find(session, CKO_PRIVATE_KEY, 'private', wanted);
    this.privateKeys.set(name, key);
    return key;
  }

  private find(session: Handle, objectClass: number, kind: string, { object, id }: Pkcs11Key): Handle {
    const template: Attribute[] = [{ type: CKA_CLASS, value: objectClass }];
    if (object) template.push({ type: CKA_LABEL, value: Buffer.from(object) });
    if (id) template.push({ type: CKA_ID, value: id });
    this.module.C_FindObjectsInit(session, template);
    const found = this.module.C_FindObjects(session, 2);
    this.module.C_FindObjectsFinal(session);
    const [first, second] = found;
    if (!first)
      throw new KeyVaultError(`the token has no such ${kind} key${this.pin ? '' : ' (TRS_PKCS11_PIN is not set)'}`);
    if (second) throw new KeyVaultError(`the token has several such ${kind} keys; name both object and id`);
    return first;
  }

  private attribute(session: Handle, object: Handle, type: number): Buffer {
    const [attribute] = this.module.C_GetAttributeValue(session, object, [{ type }]);
    return attribute?.value ?? Buffer.alloc(0);
  }
}

function mechanismOf(scheme: KeyScheme): Mechanism {
  switch (scheme) {
    case 'ed25519':
      return { mechanism: CKM_EDDSA };
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
      return { mechanism: CKM_ECDSA };
    case 'rsassa-pss-sha256': {
      const parameter = { type: CK_PARAMS_RSA_PSS, hashAlg: CKM_SHA256, mgf: CKG_MGF1_SHA256, saltLen: SALT_LENGTH };
      return { mechanism: CKM_RSA_PKCS_PSS, parameter };
    }
    default:
      return scheme satisfies never;
  }
}
