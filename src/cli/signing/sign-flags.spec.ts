import { InvalidArgumentError } from 'commander';
import { gatherBundles, gatherSignatures } from './sign-flags.js';

const KEYID = 'a'.repeat(64);

describe('--signature', () => {
  test('takes what xxd prints, line ends and all, more than once', () => {
    const first = gatherSignatures(`${KEYID}=0123\nABcd\n`, undefined);
    expect(gatherSignatures(`${KEYID}=00`, first)).toEqual([
      { keyid: KEYID, sig: '0123abcd' },
      { keyid: KEYID, sig: '00' },
    ]);
  });

  test.each([KEYID, `${KEYID}=`, `${KEYID}=0`, `${KEYID}=xy`, 'abc=00', '=00'])('refuses %s', (text) => {
    expect(() => gatherSignatures(text, undefined)).toThrow(InvalidArgumentError);
  });
});

describe('--bundle', () => {
  test('takes a file whose name may have an equals sign, more than once', () => {
    const first = gatherBundles(`${KEYID}=a=b.json`, undefined);
    expect(gatherBundles(`${KEYID}=c`, first)).toEqual([
      { keyid: KEYID, file: 'a=b.json' },
      { keyid: KEYID, file: 'c' },
    ]);
  });

  test.each([KEYID, `${KEYID}=`, 'abc=file', '=file'])('refuses %s', (text) => {
    expect(() => gatherBundles(text, undefined)).toThrow(InvalidArgumentError);
  });
});
