import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

const PATIENCE = { timeout: 2_000, tries: 2 };
const LOCALHOST = /^(?:.+\.)?localhost\.?$/i;

/**
 * What a name leads to. The system's own lookup occupies one of the few threads that also compress, hash and read files,
 * and a name server that is silent would hold them all: so it is asked last, one name at a time, and never where name
 * servers are silent.
 */
export class NameLookup {
  private asking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly nameServers: Pick<Resolver, 'resolve4' | 'resolve6'> = new Resolver(PATIENCE),
    private readonly system: (name: string) => Promise<readonly Address[]> = lookUpBySystem,
  ) {}

  /** @throws Error where the name leads nowhere. */
  async addressesOf(name: string): Promise<readonly Address[]> {
    const family = isIP(name);
    if (family !== 0) return [{ address: name, family: family as Address['family'] }];
    if (LOCALHOST.test(name)) return addresses(['127.0.0.1'], ['::1']); // RFC 6761: nobody is asked
    const [four, six] = await Promise.allSettled([this.nameServers.resolve4(name), this.nameServers.resolve6(name)]);
    const found = addresses(foundBy(four), foundBy(six));
    if (found.length > 0) return found;
    for (const answer of [four, six]) if (isSilence(answer)) throw answer.reason;
    return this.askSystem(name);
  }

  /** It knows what is in /etc/hosts, and which domains short names are in. */
  private askSystem(name: string): Promise<readonly Address[]> {
    const answer = this.asking.then(() => this.system(name));
    this.asking = answer.catch(() => undefined);
    return answer;
  }
}

async function lookUpBySystem(name: string): Promise<readonly Address[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function isSilence(answer: PromiseSettledResult<string[]>): answer is PromiseRejectedResult {
  return answer.status === 'rejected' && answer.reason.code === 'ETIMEOUT';
}

function foundBy(answer: PromiseSettledResult<string[]>): readonly string[] {
  return answer.status === 'fulfilled' ? answer.value : [];
}

function addresses(four: readonly string[], six: readonly string[]): Address[] {
  return [
    ...four.map((address) => ({ address, family: 4 as const })),
    ...six.map((address) => ({ address, family: 6 as const })),
  ];
}
