import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isNetwork, NetworkGuard } from './network-guard.js';
import { WebhookSender } from './webhook-sender.js';

const guard = new NetworkGuard([]);
const refusal = (url: string, by = guard) => {
  try {
    by.assertLiteral(new URL(url));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the network guard', () => {
  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:db8::1]/',
  ])('refuses %s', (url) => {
    expect(refusal(url)).toMatch(/private network/);
  });

  test.each(['https://8.8.8.8/', 'https://172.32.0.1/', 'https://[2606:4700::1111]/'])('lets %s pass', (url) => {
    expect(refusal(url)).toBeNull();
  });

  test('takes http only into networks that are allowed, and those alone of the private ones', () => {
    const allowing = new NetworkGuard(['10.1.0.0/16', 'fd00::/8']);
    expect(refusal('http://8.8.8.8/', allowing)).toMatch(/https/);
    expect(['http://10.1.2.3/', 'https://10.1.2.3/', 'http://[fd00::5]/'].map((url) => refusal(url, allowing))).toEqual(
      [null, null, null],
    );
    expect(refusal('https://10.2.0.1/', allowing)).toMatch(/private network/);
  });

  test('looks at what a name leads to, whatever the name says', async () => {
    const found = (by: NetworkGuard) =>
      new Promise((resolve) => {
        by.lookupFor('https:')('localhost', { all: true }, (error, addresses) => resolve(error?.name ?? addresses));
      });
    expect(await found(guard)).toBe('AddressRefused');
    expect(await found(new NetworkGuard(['127.0.0.0/8', '::1/128']))).toEqual(
      expect.arrayContaining([expect.objectContaining({ address: expect.stringMatching(/^(?:127\.0\.0\.1|::1)$/) })]),
    );
  });

  const leadingTo = (...addresses: string[]) => ({
    addressesOf: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }) as const),
  });

  test.each([[['10.0.0.1']], [['8.8.8.8', '10.0.0.1']], [['8.8.8.8', '::ffff:10.0.0.1']], [[]]])(
    'refuses a name that leads to %j',
    async (addresses) => {
      const lookup = new NetworkGuard([], leadingTo(...addresses)).lookupFor('https:');
      const error = await new Promise((resolve) => {
        lookup('hooks.example.com', { all: true }, resolve);
      });
      expect(error).toBeInstanceOf(Error);
    },
  );

  test('has a connection go to the address that was looked at, whatever the name leads to a moment later', async () => {
    const server = createServer((_, response) => response.end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const answers = [['127.0.0.1'], ['10.255.255.1']];
    const rebinding = { addressesOf: () => leadingTo(...(answers.shift() ?? [])).addressesOf() };
    const sender = new WebhookSender(new NetworkGuard(['127.0.0.0/8'], rebinding));
    const url = `http://hooks.example.com:${(server.address() as AddressInfo).port}/`;
    const message = { id: 'x', type: 'webhook.test', happenedAt: new Date(), data: {} };
    expect(await sender.send(url, 'whsec_c2VjcmV0', message, new Date())).toBe(200);
    await expect(sender.send(url, 'whsec_c2VjcmV0', message, new Date())).rejects.toThrow('private network');
    server.close();
  });

  test.each([
    ['10.0.0.0/8', true],
    ['::1/128', true],
    ['10.0.0.0', false],
    ['10.0.0.0/33', false],
    ['::1/129', false],
    ['example.com/8', false],
    ['10.0.0.0/8/8', false],
    ['', false],
  ])('takes %j for a network: %s', (text, expected) => {
    expect(isNetwork(text)).toBe(expected);
  });
});
