import { stripVTControlCharacters } from 'node:util';
import colors from 'picocolors';

export type Cell = string | number | Figure;

/** A number as text, with its unit. */
export interface Figure {
  readonly figure: string;
}

const GAP = '  ';

/** Columns under bold headings, without lines; numbers stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return inColumns([head.map((name) => colors.bold(name)), ...rows]);
}

/** Names and values side by side. */
export function facts(rows: readonly (readonly [string, Cell])[]): string {
  return inColumns(rows.map(([name, value]) => [colors.bold(name), typeof value === 'number' ? String(value) : value]));
}

function inColumns(rows: readonly (readonly Cell[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    });
  }
  const isNumeric = widths.map((_, column) => isFigure(rows.at(-1)?.[column]));
  const pad = (cell: Cell, column: number) => padded(cell, widths[column] ?? 0, isNumeric[column] === true);
  return rows.map((row) => row.map(pad).join(GAP).trimEnd()).join('\n');
}

function padded(cell: Cell, width: number, toTheRight: boolean): string {
  const padding = ' '.repeat(width - widthOf(cell));
  return toTheRight ? padding + textOf(cell) : textOf(cell) + padding;
}

function widthOf(cell: Cell): number {
  return stripVTControlCharacters(textOf(cell)).length;
}

function isFigure(cell: Cell | undefined): boolean {
  return typeof cell === 'number' || typeof cell === 'object';
}

function textOf(cell: Cell): string {
  if (typeof cell === 'object') return cell.figure;
  return typeof cell === 'number' ? cell.toLocaleString('en-US') : cell;
}
