const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds of `90s`, `30m`, `12h`, `3d`; null for anything else, and for more than ten years. */
export function parseTimeSpan(text: string): number | null {
  const [, amount = '', unit = ''] = /^([1-9]\d{0,8})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (SECONDS[unit] ?? 0);
  return seconds > 0 && seconds <= 3_650 * 86_400 ? seconds : null;
}
