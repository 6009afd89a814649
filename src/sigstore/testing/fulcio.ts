import { bits, der, integer, octets, oid, sequence, set, time, utf8, yes } from './der.js';
import { KeyPair } from './key-pair.js';

/** For whom, and from when to when; without `sct`, the certificate is in no certificate log. */
export interface CertificateRequest {
  readonly identity: string;
  readonly issuer: string;
  readonly from: Date;
  readonly to: Date;
  readonly sct: boolean;
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const NAME = sequence(set(sequence(oid('2.5.4.3'), utf8('a small Fulcio'))));
/** Who a certificate is for stands in its alternative name alone. */
const NOBODY = sequence();
const ISSUER_EXTENSION = '1.3.6.1.4.1.57264.1.8';
const SCT_EXTENSION = '1.3.6.1.4.1.11129.2.4.2';

/** A certificate authority for identities, with its certificate log. */
export class Fulcio {
  readonly ctLog = new KeyPair();
  readonly certificate: Buffer;
  private readonly key = new KeyPair();

  constructor(from: Date, to: Date) {
    const isAuthority = extension('2.5.29.19', sequence(yes), yes);
    this.certificate = this.signed(body(NAME, this.key.spki, from, to, [isAuthority]));
  }

  certify(user: KeyPair, { identity, issuer, from, to, sct }: CertificateRequest): Buffer {
    const named = [
      extension('2.5.29.17', sequence(generalName(identity)), yes),
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.3'))),
      extension(ISSUER_EXTENSION, utf8(issuer)),
    ];
    if (!sct) return this.signed(body(NOBODY, user.spki, from, to, named));
    const timestamp = this.certificateTimestamp(body(NOBODY, user.spki, from, to, named), from);
    return this.signed(body(NOBODY, user.spki, from, to, [...named, extension(SCT_EXTENSION, octets(timestamp))]));
  }

  private signed(content: Buffer): Buffer {
    return sequence(content, ECDSA_SHA256, bits(this.key.sign(content)));
  }

  /** RFC 6962, 3.2 and 3.3: a list with one promise of the log, over the certificate without the promise. */
  private certificateTimestamp(certificate: Buffer, at: Date): Buffer {
    const moment = uint(at.getTime(), 8);
    const entry = [uint(1, 2), this.key.id, sized(certificate, 3), uint(0, 2)];
    const signature = this.ctLog.sign(Buffer.concat([uint(0, 2), moment, ...entry]));
    const sha256WithEcdsa = Buffer.from([4, 3]);
    const promise = Buffer.concat([
      uint(0, 1),
      this.ctLog.id,
      moment,
      uint(0, 2),
      sha256WithEcdsa,
      sized(signature, 2),
    ]);
    return sized(sized(promise, 2), 2);
  }
}

function body(subject: Buffer, spki: Buffer, from: Date, to: Date, extensions: readonly Buffer[]): Buffer {
  const version3 = der(0xa0, integer(2));
  const validity = sequence(time(from), time(to));
  const rest = der(0xa3, sequence(...extensions));
  return sequence(version3, integer(7), ECDSA_SHA256, NAME, validity, subject, spki, rest);
}

function extension(id: string, value: Buffer, critical?: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [critical] : []), octets(value));
}

function generalName(identity: string): Buffer {
  return der(identity.includes('://') ? 0x86 : 0x81, Buffer.from(identity));
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(BigInt(value));
  return buffer.subarray(8 - bytes);
}

function sized(content: Buffer, lengthBytes: number): Buffer {
  return Buffer.concat([uint(content.length, lengthBytes), content]);
}
