import type { Figure } from '../figure.js';
import { floorText, number, targetsText, withUnit } from './numbers.js';

export const HEAD = [
  'figure',
  'value',
  'target',
  'floor',
  'n',
  'p50',
  'p95',
  'p99',
  'max',
  'service MB',
  'PostgreSQL MB',
];

/** The columns that stand to the left; the others are numbers. */
export const TEXT_COLUMNS: ReadonlySet<string> = new Set(['figure', 'target']);

export function row(figure: Figure): string[] {
  const { p50, p95, p99, max, serviceRssMb, postgresRssMb } = figure;
  return [
    figure.name,
    withUnit(figure.value, figure.unit),
    targetsText(figure),
    floorText(figure),
    number(figure.n),
    ...[p50, p95, p99, max, serviceRssMb, postgresRssMb].map(number),
  ];
}
