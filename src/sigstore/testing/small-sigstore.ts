import { Fulcio } from './fulcio.js';
import { KeyPair, sha256 } from './key-pair.js';
import { type LogEntry, Rekor } from './rekor.js';

/** How a signature comes about; what is not given is as it should be. */
export interface Signing {
  readonly identity: string;
  readonly issuer: string;
  /** When the certificate, for ten minutes, begins. */
  readonly at?: Date;
  /** When the log takes the entry; null leaves the entry out. */
  readonly loggedAt?: Date | null;
  readonly sct?: boolean;
}

const TEN_MINUTES = 600_000;
const DSSE_TYPE = 'text/plain';

/** All of Sigstore that a verifier looks at, with real cryptography and keys of its own. */
export class SmallSigstore {
  private readonly from = new Date('2025-01-01T00:00:00Z');
  private readonly fulcio = new Fulcio(this.from, new Date('2035-01-01T00:00:00Z'));
  private readonly rekor = new Rekor();

  get trustedRoot() {
    const validFor = { start: this.from.toISOString() };
    const log = (baseUrl: string, key: KeyPair) => ({
      baseUrl,
      hashAlgorithm: 'SHA2_256',
      publicKey: { rawBytes: key.spki.toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
      logId: { keyId: key.id.toString('base64') },
    });
    const certChain = { certificates: [{ rawBytes: this.fulcio.certificate.toString('base64') }] };
    return {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [log(this.rekor.baseUrl, this.rekor.key)],
      certificateAuthorities: [{ subject: {}, uri: 'https://fulcio.example.com', certChain, validFor }],
      ctlogs: [log('https://ct.example.com', this.fulcio.ctLog)],
    };
  }

  /** The bundle of a signature over `bytes`. */
  sign(bytes: Uint8Array, signing: Signing): object {
    const user = new KeyPair();
    const signature = user.sign(bytes).toString('base64');
    const digest = sha256(bytes);
    const publicKey = { content: pem(user) };
    const data = { hash: { algorithm: 'sha256', value: digest.toString('hex') } };
    const spec = { data, signature: { content: signature, publicKey } };
    return {
      ...this.bundle(user, signing, { apiVersion: '0.0.1', kind: 'hashedrekord', spec }),
      messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: digest.toString('base64') }, signature },
    };
  }

  /** A bundle of the other kind: of an attestation, which holds what it signs. */
  attest(payload: Uint8Array, signing: Signing): object {
    const user = new KeyPair();
    const encoded = [`DSSEv1 ${DSSE_TYPE.length} ${DSSE_TYPE} ${payload.length} `, payload].map((part) =>
      Buffer.from(part),
    );
    const sig = user.sign(Buffer.concat(encoded)).toString('base64');
    const payloadHash = { algorithm: 'sha256', value: sha256(payload).toString('hex') };
    const spec = { payloadHash, signatures: [{ signature: sig, verifier: pem(user) }] };
    const content = Buffer.from(payload).toString('base64');
    return {
      ...this.bundle(user, signing, { apiVersion: '0.0.1', kind: 'dsse', spec }),
      dsseEnvelope: { payload: content, payloadType: DSSE_TYPE, signatures: [{ sig, keyid: '' }] },
    };
  }

  private bundle(user: KeyPair, { identity, issuer, at, loggedAt, sct = true }: Signing, logged: LogEntry) {
    const from = at ?? new Date('2026-01-01T00:00:00Z');
    const to = new Date(from.getTime() + TEN_MINUTES);
    const certificate = this.fulcio.certify(user, { identity, issuer, from, to, sct });
    const entry = loggedAt === null ? [] : [this.rekor.entry(logged, loggedAt ?? from)];
    return {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { certificate: { rawBytes: certificate.toString('base64') }, tlogEntries: entry },
    };
  }
}

function pem({ publicKey }: KeyPair): string {
  return Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })).toString('base64');
}
