import { isAtRisk } from '../../tuf/forecast.js';
import type { Forecast, ForecastItem, RepositorySummary } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import type { Service } from '../service.js';
import { describeForecast } from './forecast-text.js';

export interface ForecastFlags {
  readonly repository?: string;
  readonly days: number;
  /** Seconds. */
  readonly failWithin?: number;
}

const SECONDS_A_DAY = 86_400;

export async function showForecast(context: CommandContext, flags: ForecastFlags): Promise<ExitCode> {
  const service = await context.connect();
  const names = flags.repository === undefined ? await repositoryNames(service) : [flags.repository];
  // A risk that is looked for is in the forecast, too.
  const days = String(Math.max(flags.days, Math.ceil((flags.failWithin ?? 0) / SECONDS_A_DAY)));
  const forecasts: Forecast[] = [];
  for (const name of names) {
    forecasts.push(await service.get(`api/v1/repositories/${encodeURIComponent(name)}/forecast`, { days }));
  }
  const [only] = forecasts;
  const document = flags.repository !== undefined && only ? only : forecasts;
  context.output.show(document, () => describeForecasts(forecasts));
  return flags.failWithin === undefined ? EXIT.fine : exitCode(context, forecasts, flags.failWithin);
}

async function repositoryNames(service: Service): Promise<string[]> {
  const repositories = await service.all<RepositorySummary>('api/v1/repositories');
  return repositories.filter(({ state }) => state !== 'refused').map(({ name }) => name);
}

function describeForecasts(forecasts: readonly Forecast[]): string {
  if (forecasts.length === 0) return 'There is no repository yet. Make one: trs ceremony';
  return forecasts.map(describeForecast).join('\n\n');
}

function exitCode({ output }: CommandContext, forecasts: readonly Forecast[], within: number): ExitCode {
  const atRisk = forecasts.flatMap(({ repository, from, items }) => {
    const before = new Date(new Date(from).getTime() + within * 1_000); // the clock of the service
    return items.filter((item) => isAtRisk(dated(item), before)).map((item) => ({ repository, item }));
  });
  for (const { repository, item } of atRisk) output.warn(`${item.role} of ${repository}: ${reason(item)}`);
  return atRisk.length > 0 ? EXIT.expiring : EXIT.fine;
}

function dated({ signedBy, expires, state }: ForecastItem) {
  return { signedBy, state, expires: expires === null ? null : new Date(expires) };
}

function reason({ state, expires, signedBy, waiting }: ForecastItem): string {
  if (state === 'expired') return `it expired at ${expires}`;
  if (state === 'overdue')
    return 'it should have been signed again by now; see /health/ready and the log of the service';
  const who = waiting ? `it waits for ${waiting.missingSignatures} more signatures` : `${signedBy} have to sign it`;
  return `it expires at ${expires}, and ${who}`;
}
