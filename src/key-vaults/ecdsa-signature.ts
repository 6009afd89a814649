const INTEGER = 0x02;
const SEQUENCE = 0x30;

/** PKCS #11 and Azure sign ECDSA as r||s (IEEE P1363); TUF wants the DER form of RFC 3279. */
export function derFromP1363(signature: Uint8Array): Buffer {
  const half = signature.length / 2;
  return element(SEQUENCE, Buffer.concat([integer(signature.subarray(0, half)), integer(signature.subarray(half))]));
}

function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.of(0) : Buffer.from(bytes.subarray(first));
  // A leading 1 bit would make it negative.
  return element(INTEGER, (digits[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

/** P-384 stays below 128 bytes, so that one byte of length is enough. */
function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}
