import { parseSignature } from './parse-metadata.js';
import { refusal } from './testing/refusals.js';

const keyid = 'a'.repeat(64);
const bundle = { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' };

describe('a signature', () => {
  test.each<[string, object]>([
    ['of a key', { keyid, sig: '00ff' }],
    ['of a Sigstore identity', { keyid, sig: '', bundle }],
    ['with both', { keyid, sig: '00ff', bundle }],
  ])('%s is taken', (_name, signature) => {
    expect(parseSignature(signature, 's')).toEqual(signature);
  });

  test.each<[string, object, string]>([
    ['with neither', { keyid, sig: '' }, 's.sig'],
    ['without sig', { keyid, bundle }, 's.sig'],
    ['in base64, as securesystemslib writes it', { keyid, sig: 'MEUCIQ==', bundle }, 's.sig'],
    ['with text for a bundle', { keyid, sig: '', bundle: '{}' }, 's.bundle'],
    ['with null for a bundle', { keyid, sig: '', bundle: null }, 's.bundle'],
    ['with an endless bundle', { keyid, sig: '', bundle: { x: 'x'.repeat(65_536) } }, 's.bundle'],
  ])('%s is refused', (_name, signature, field) => {
    expect(refusal(() => parseSignature(signature, 's'))).toMatchObject({ code: 'metadata-malformed', field });
  });
});
