import type { LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { type Address, NameLookup } from './name-lookup.js';

/** What is not the public internet (IANA's special-purpose registries), or carries another address within. */
const SPECIAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
];
/** All of IPv6 that is given out to the public. */
const GLOBAL_IPV6 = '2000::/3';

/** The address that a webhook leads to is one that messages may not go to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Keeps webhooks out of private networks: whoever may create one could otherwise have the service ask what only the
 * service can reach. It looks at the addresses that the connection is made to, not at names, which can change meanwhile.
 */
export class NetworkGuard {
  private readonly special = blockList(SPECIAL);
  private readonly globalIpv6 = blockList([GLOBAL_IPV6]);
  private readonly allowed: BlockList;

  /** @param allowed networks that are private, and yet may be told. */
  constructor(
    allowed: readonly string[],
    private readonly names: Pick<NameLookup, 'addressesOf'> = new NameLookup(),
  ) {
    this.allowed = blockList(allowed);
  }

  /** For an address that stands in the URL itself, which nobody looks up. @throws AddressRefused */
  assertLiteral({ hostname, protocol }: URL): void {
    const address = hostname.replace(/^\[|\]$/g, '');
    if (isIP(address) !== 0) this.assertAllowed(address, protocol);
  }

  /** Looks a name up for a connection, which goes to what is found here and nowhere else. */
  lookupFor(protocol: string): LookupFunction {
    return (hostname: string, options: LookupOptions, done) => {
      this.allowedAddressesOf(hostname, protocol).then(
        ([first, ...others]) => {
          if (options.all) done(null, [first, ...others]);
          else done(null, first.address, first.family);
        },
        (error) => done(error, '', 0),
      );
    };
  }

  /** @throws AddressRefused where any of them is refused. */
  private async allowedAddressesOf(hostname: string, protocol: string): Promise<[Address, ...Address[]]> {
    const [first, ...others] = await this.names.addressesOf(hostname);
    if (!first) throw new Error(`${hostname} has no address`);
    for (const { address } of [first, ...others]) this.assertAllowed(address, protocol);
    return [first, ...others];
  }

  private assertAllowed(address: string, protocol: string): void {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (this.allowed.check(address, family)) return;
    const isPublic =
      !this.special.check(address, family) && (family === 'ipv4' || this.globalIpv6.check(address, family));
    if (!isPublic)
      throw new AddressRefused('it leads into a private network, which TRS_WEBHOOK_NETWORKS does not allow');
    if (protocol !== 'https:') throw new AddressRefused('messages over the public internet have to use https');
  }
}

/** Whether a text is a network, written ADDRESS/BITS. */
export function isNetwork(text: string): boolean {
  const [address = '', bits = '', more] = text.split('/');
  const family = isIP(address);
  return family !== 0 && more === undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
