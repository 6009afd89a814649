import type { Figure, TargetResult } from '../figure.js';

const UNITS: Readonly<Record<TargetResult['of'], string>> = { value: '', p99: 'p99 ', serviceRssMb: 'RSS ' };

/** As exact as it needs to be: three digits or, of large numbers, all before the point. */
export function number(value: number | null): string {
  if (value === null) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.001))));
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

export function withUnit(value: number, unit: string): string {
  return `${number(value)} ${unit}`;
}

export function targetsText({ targets, unit }: Figure): string {
  return targets
    .map(({ of, is, bound, met }) => {
      const sign = is === 'at most' ? '≤' : '≥';
      return `${UNITS[of]}${sign} ${withUnit(bound, of === 'serviceRssMb' ? 'MB' : unit)} ${met ? '✓' : '✗'}`;
    })
    .join(', ');
}

export function floorText({ floor, unit }: Figure): string {
  return floor === null ? '' : withUnit(floor, unit);
}
