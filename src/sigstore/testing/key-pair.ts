import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A P-256 key pair, as Fulcio, the logs and their users have them. */
export class KeyPair {
  readonly publicKey: KeyObject;
  private readonly privateKey: KeyObject;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  get spki(): Buffer {
    return this.publicKey.export({ type: 'spki', format: 'der' });
  }

  /** Logs are named by the hash of their key. */
  get id(): Buffer {
    return sha256(this.spki);
  }

  sign(bytes: Uint8Array): Buffer {
    return sign('sha256', bytes, this.privateKey);
  }
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
