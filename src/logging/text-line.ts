import colors from 'picocolors';

const COLOURS: Readonly<Record<string, (text: string) => string>> = {
  error: colors.red,
  fatal: colors.red,
  warn: colors.yellow,
  debug: colors.dim,
};

/** A line of the log for people: time, level, who says it, and what; further fields behind it, a stack below. */
export function textLine(json: string): string {
  const { level, time, context, message, stack, ...fields }: Record<string, unknown> = JSON.parse(json);
  const colour = COLOURS[String(level)] ?? ((text: string) => text);
  const more = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => colors.dim(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`));
  const head = [String(time).slice(11, 23), colour(String(level).toUpperCase().padEnd(5)), `[${context}]`];
  const line = [...head, colour(String(message)), ...more].join(' ');
  return stack ? `${line}\n${stack}\n` : `${line}\n`;
}
