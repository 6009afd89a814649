import type { TrustedPublisher } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode, usageError } from '../command-error.js';
import { type RightsFlags, rightsOf } from '../rights-options.js';
import { describePublisher } from './publisher-text.js';

export interface AddPublisherFlags extends RightsFlags {
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly claim: readonly string[];
  readonly days?: number;
}

export async function addPublisher(context: CommandContext, flags: AddPublisherFlags): Promise<ExitCode> {
  const { name, issuer, audience, days } = flags;
  const claims = claimsOf(flags.claim);
  const service = await context.connect();
  const made: TrustedPublisher = await service.post('api/v1/trusted-publishers', {
    ...{ name, issuer, audience, claims },
    ...rightsOf(flags),
    ...(days !== undefined && { expiresIn: { days } }),
  });
  context.output.show(made, () => describePublisher(made, new Date()));
  return EXIT.fine;
}

function claimsOf(given: readonly string[]): Record<string, string[]> {
  const claims = new Map<string, string[]>();
  for (const text of given) {
    const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw usageError(`--claim ${text} is not of the form NAME=VALUE`);
    claims.set(name, [...(claims.get(name) ?? []), value]);
  }
  return Object.fromEntries(claims);
}
