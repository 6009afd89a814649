import { join } from 'node:path';
import type { Bench } from '../bench.js';
import type { Percentiles } from '../figure.js';
import { pathOf } from '../service/program.js';

const CONNECTIONS = 32;
const WRK_SCRIPT = join(import.meta.dirname, 'wrk-report.lua');
const AUTOCANNON = join(import.meta.dirname, '../../node_modules/autocannon/autocannon.js');

export interface Download {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface DownloadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly milliseconds: Percentiles;
}

/** Repeats one download over 32 connections: by wrk where it is installed, for it takes the least of the machine itself. */
export function repeatDownload(bench: Bench, download: Download): Promise<DownloadResult> {
  const wrk = pathOf('wrk');
  return wrk ? byWrk(bench, wrk, download) : byAutocannon(bench, download);
}

async function byWrk(bench: Bench, wrk: string, { url, headers }: Download): Promise<DownloadResult> {
  const seconds = `${bench.scale.serveSeconds}s`;
  const args = ['--threads', '1', '--connections', `${CONNECTIONS}`, '--duration', seconds, '--script', WRK_SCRIPT];
  const output = await bench.program(wrk, [...args, ...headerArguments(headers), url]).output();
  return checked(JSON.parse(output.slice(output.lastIndexOf('\n{'))), url);
}

async function byAutocannon(bench: Bench, { url, headers }: Download): Promise<DownloadResult> {
  const args = ['--json', '--connections', `${CONNECTIONS}`, '--duration', `${bench.scale.serveSeconds}`];
  const program = bench.program(process.execPath, [AUTOCANNON, ...args, ...headerArguments(headers), url]);
  const { requests, duration, errors, non2xx, statusCodeStats, latency } = JSON.parse(await program.output());
  const failed = errors + non2xx - (statusCodeStats[304]?.count ?? 0);
  const { p50, p97_5, p99, max } = latency; // it knows no 95th percentile: the next one above stands in its place
  const milliseconds = { p50, p95: p97_5, p99, max };
  return checked({ requests: requests.total, perSecond: requests.total / duration, failed, milliseconds }, url);
}

function headerArguments(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
}

function checked({ failed, ...result }: DownloadResult & { readonly failed: number }, url: string): DownloadResult {
  if (failed > 0 || result.requests === 0)
    throw new Error(`${failed} of ${result.requests} downloads of ${url} failed`);
  return result;
}
