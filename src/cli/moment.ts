const UNITS = [
  ['year', 365 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `2026-01-31 12:00 UTC (in 3 days)`. */
export function describeMoment(iso: string, now: Date): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC (${relativeTime(new Date(iso), now)})`;
}

/** `in 3 days`, `5 minutes ago`: in the largest unit of which there are at least two. */
export function relativeTime(moment: Date, now: Date): string {
  const seconds = Math.round((moment.getTime() - now.getTime()) / 1_000);
  if (Math.abs(seconds) < 1) return 'now';
  const length = describeSeconds(Math.abs(seconds));
  return seconds > 0 ? `in ${length}` : `${length} ago`;
}

/** `7 days`, `90 seconds`: rounded in the largest unit of which there are at least two. */
export function describeSeconds(seconds: number): string {
  const [name, length] = UNITS.find(([, unit]) => seconds >= 2 * unit || seconds === unit) ?? ['second', 1];
  return counted(Math.round(seconds / length), name);
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
