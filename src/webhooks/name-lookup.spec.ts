import { NameLookup } from './name-lookup.js';

const failure = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error(`no answer: ${code}`), { code });
};
const nobody = failure('ENOTFOUND');

function servers(resolve4: () => Promise<string[]>, resolve6: () => Promise<string[]> = nobody) {
  return { resolve4, resolve6 } as unknown as ConstructorParameters<typeof NameLookup>[0];
}

describe('the lookup of names', () => {
  test('gives every address that name servers know', async () => {
    const names = new NameLookup(
      servers(
        async () => ['192.0.2.1', '192.0.2.2'],
        async () => ['2001:db8::1'],
      ),
      failure('the system is not asked'),
    );
    expect(await names.addressesOf('hooks.example.com')).toEqual([
      { address: '192.0.2.1', family: 4 },
      { address: '192.0.2.2', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ]);
  });

  test.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['::1', ['::1']],
    ['localhost', ['127.0.0.1', '::1']],
    ['x.localhost.', ['127.0.0.1', '::1']],
  ])('asks nobody about %s', async (name, expected) => {
    const names = new NameLookup(servers(failure('ESERVFAIL'), failure('ESERVFAIL')), failure('the system is asked'));
    expect((await names.addressesOf(name)).map(({ address }) => address)).toEqual(expected);
  });

  test.each(['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'ECONNREFUSED'])(
    'asks the system where name servers say %s',
    async (code) => {
      const names = new NameLookup(servers(failure(code), failure(code)), async () => [
        { address: '10.0.0.7', family: 4 },
      ]);
      expect(await names.addressesOf('in-etc-hosts')).toEqual([{ address: '10.0.0.7', family: 4 }]);
    },
  );

  test('leaves the system alone where name servers are silent', async () => {
    const names = new NameLookup(servers(failure('ETIMEOUT')), failure('the system is asked'));
    await expect(names.addressesOf('silent.example.com')).rejects.toThrow('ETIMEOUT');
  });

  test('asks the system about one name at a time, also after a failure', async () => {
    let asked = 0;
    let most = 0;
    const names = new NameLookup(servers(nobody), async (name) => {
      asked += 1;
      most = Math.max(most, asked);
      await new Promise((resolve) => setTimeout(resolve, 5));
      asked -= 1;
      if (name === 'unknown') throw new Error('nobody knows it');
      return [{ address: '10.0.0.7', family: 4 }];
    });
    const answers = ['a', 'unknown', 'b', 'c'].map((name) => names.addressesOf(name));
    expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(most).toBe(1);
  });
});
