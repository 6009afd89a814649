import type { Bench } from './bench.js';
import { type Figure, type Measured, percentilesOf, resultOf } from './figure.js';
import { floorOf } from './limits/floors.js';
import type { Scenario } from './scenarios/index.js';
import { targetsOf } from './targets.js';

const MEGABYTE = 1_000_000;

/** Runs one scenario, and gives each figure as soon as it is there. */
export async function* figuresOf(scenario: Scenario, bench: Bench): AsyncGenerator<Figure> {
  await bench.limits(); // before anything runs beside it
  try {
    for await (const measured of scenario.run(bench)) yield await figure(scenario, measured, bench);
  } catch (error) {
    process.stderr.write(bench.serviceOutput); // it may say why
    throw error;
  } finally {
    await bench.stopServices();
  }
}

async function figure(scenario: Scenario, measured: Measured, bench: Bench): Promise<Figure> {
  const { name, unit, samples } = measured;
  const peaks = await bench.peaks();
  const { p50, p95, p99, max } = measured.percentiles ?? percentilesOf(samples);
  const found = {
    scenario: scenario.name,
    name,
    value: rounded(measured.value),
    unit,
    n: measured.n ?? samples?.length ?? 1,
    p50: rounded(p50),
    p95: rounded(p95),
    p99: rounded(p99),
    max: rounded(max),
    serviceRssMb: megabytes(peaks.service),
    postgresRssMb: megabytes(peaks.postgres),
    floor: rounded(measured.floor ?? floorOf(name, await bench.limits(), bench.scale)),
  };
  return { ...found, targets: targetsOf(name, bench.scale).map((target) => resultOf(target, found)) };
}

function megabytes(bytes: number | null): number | null {
  return bytes === null ? null : Math.round(bytes / MEGABYTE);
}

/** As many digits as anything here is good for. */
function rounded(value: number): number;
function rounded(value: number | null): number | null;
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
