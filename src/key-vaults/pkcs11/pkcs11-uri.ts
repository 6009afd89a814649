import { type KeyUri, KeyUriError } from '../key-vault.js';

/** Which key of which token; at least `object` or `id`, and `token` or `serial`. */
export interface Pkcs11Key {
  readonly token: string | undefined;
  readonly serial: string | undefined;
  readonly object: string | undefined;
  readonly id: Buffer | undefined;
}

const KNOWN = ['token', 'serial', 'object', 'id', 'type'];

/** Reads `pkcs11:token=…;object=…;id=…` (RFC 7512). @throws KeyUriError also where it brings a PIN or a module. */
export function parsePkcs11Uri(uri: KeyUri): Pkcs11Key {
  const [path = '', query] = uri.slice('pkcs11:'.length).split('?');
  // The message must not repeat it: it may be a PIN.
  if (query !== undefined) throw new KeyUriError('must have no query: PIN and module are the operator’s to configure');
  const attributes = attributesOf(path);
  if (attributes.has('type') && attributes.get('type')?.toString() !== 'private') {
    throw new KeyUriError('must not have another type than private');
  }
  const [token, serial, object] = ['token', 'serial', 'object'].map((name) => attributes.get(name)?.toString('utf8'));
  const id = attributes.get('id');
  if ((!object && !id) || (!token && !serial)) {
    throw new KeyUriError('must be pkcs11:token=TOKEN;object=LABEL or pkcs11:token=TOKEN;id=%01%02; both may stand');
  }
  return { token, serial, object, id };
}

function attributesOf(path: string): Map<string, Buffer> {
  const attributes = new Map<string, Buffer>();
  for (const part of path.split(';')) {
    const [name = '', value, ...more] = part.split('=');
    if (name.startsWith('pin') || name.startsWith('module')) {
      throw new KeyUriError('must not bring a PIN or a module: these are the operator’s to configure');
    }
    if (value === undefined || more.length > 0 || !KNOWN.includes(name) || attributes.has(name)) {
      throw new KeyUriError(`may have each of ${KNOWN.join(', ')} once, as NAME=VALUE, with ; between them`);
    }
    attributes.set(name, percentDecoded(value));
  }
  return attributes;
}

// An id is bytes, not text: decodeURIComponent would refuse or change them.
function percentDecoded(value: string): Buffer {
  if (/%(?![0-9A-Fa-f]{2})/.test(value)) throw new KeyUriError('has a % that no two hex digits follow');
  return Buffer.from(
    value.replace(/%([0-9A-Fa-f]{2})|[^%]+/g, (run, hex) => hex ?? Buffer.from(run).toString('hex')),
    'hex',
  );
}
