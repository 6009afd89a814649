import { canonicalJson } from './canonical-json.js';
import { hasControlCharacters } from './control-characters.js';
import type { Signed, SignedMetadata } from './metadata.js';

/** What signatures are over: canonical JSON, as text and as bytes. */
export interface Payload {
  readonly text: string;
  readonly bytes: Uint8Array;
}

export function payloadOf(signed: Signed): Payload {
  const text = canonicalJson(signed);
  return { text, bytes: Buffer.from(text, 'utf8') };
}

export interface EncodedMetadata {
  readonly bytes: Uint8Array;
  /** The part of the bytes that is signed; null where JSON has to write it otherwise. */
  readonly signed: Uint8Array | null;
}

/** The bytes of a metadata file as clients download it. */
export function encodeMetadata(metadata: SignedMetadata): Uint8Array {
  return encodeWith(metadata, payloadOf(metadata.signed)).bytes;
}

/** As {@link encodeMetadata}; what is signed is sent as it was signed, if that is JSON. */
export function encodeWith(metadata: SignedMetadata, payload: Payload): EncodedMetadata {
  if (hasControlCharacters(payload.text)) return { bytes: Buffer.from(JSON.stringify(metadata), 'utf8'), signed: null };
  const names = Object.keys(metadata);
  const place = names.indexOf('signed');
  const head = Buffer.from(`{${[...membersOf(metadata, names.slice(0, place)), '"signed":'].join(',')}`, 'utf8');
  const tail = Buffer.from(
    `${membersOf(metadata, names.slice(place + 1))
      .map((member) => `,${member}`)
      .join('')}}`,
    'utf8',
  );
  const bytes = Buffer.concat([head, payload.bytes, tail]);
  return { bytes, signed: bytes.subarray(head.length, head.length + payload.bytes.length) };
}

function membersOf(metadata: SignedMetadata, names: readonly string[]): string[] {
  return names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(metadata[name as keyof SignedMetadata])}`);
}
