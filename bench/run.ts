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
  } finally {
    await bench.endScenario();
  }
}

async function figure(scenario: Scenario, measured: Measured, bench: Bench): Promise<Figure> {
  const { name, value, unit, samples } = measured;
  const peaks = await bench.peaks();
  const found = {
    scenario: scenario.name,
    name,
    value,
    unit,
    n: measured.n ?? samples?.length ?? 1,
    ...(measured.percentiles ?? percentilesOf(samples)),
    serviceRssMb: megabytes(peaks.service),
    postgresRssMb: megabytes(peaks.postgres),
    floor: measured.floor ?? floorOf(name, await bench.limits(), bench.scale),
  };
  return { ...found, targets: targetsOf(name, bench.scale).map((target) => resultOf(target, found)) };
}

function megabytes(bytes: number | null): number | null {
  return bytes === null ? null : Math.round(bytes / MEGABYTE);
}
