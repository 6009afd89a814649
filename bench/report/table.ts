import type { Figure } from '../figure.js';
import { HEAD, row, TEXT_COLUMNS } from './rows.js';

const GAP = '  ';

/** For people, at a terminal. */
export function table(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => padded(cell, column, widths))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

function padded(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return TEXT_COLUMNS.has(HEAD[column] ?? '') ? cell.padEnd(width) : cell.padStart(width);
}
