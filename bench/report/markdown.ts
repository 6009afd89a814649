import type { Figure } from '../figure.js';
import { HEAD, row, TEXT_COLUMNS } from './rows.js';

/** The table of docs/performance.md. */
export function markdown(figures: readonly Figure[]): string {
  const alignment = HEAD.map((name) => (TEXT_COLUMNS.has(name) ? '---' : '---:'));
  return [HEAD, alignment, ...figures.map(row)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
