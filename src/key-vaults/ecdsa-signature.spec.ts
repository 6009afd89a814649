import { createSign, generateKeyPairSync, verify } from 'node:crypto';
import { derFromP1363 } from './ecdsa-signature.js';

test.each(['P-256', 'P-384'])('an r||s signature of %s becomes the DER that verifies', (namedCurve) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  // Enough of them to meet leading zeros and leading 1 bits.
  for (let message = 0; message < 300; message += 1) {
    const bytes = Buffer.from(`message ${message}`);
    const raw = createSign('sha256').update(bytes).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' });
    expect(verify('sha256', bytes, publicKey, derFromP1363(raw))).toBe(true);
  }
});

test('numbers are as short as DER wants them, and not negative', () => {
  const raw = Buffer.concat([Buffer.alloc(31), Buffer.of(1), Buffer.of(0x80), Buffer.alloc(31)]);
  const s = `0221${'00'}80${'00'.repeat(31)}`;
  expect(derFromP1363(raw).toString('hex')).toBe(`3026020101${s}`);
});
