import type { TestService } from './service.js';

export interface Metrics {
  readonly text: string;
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
  /** Of the one sample with this name and these labels, others aside. */
  value(name: string, labels: Readonly<Record<string, string>>): number | undefined;
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What Prometheus would read. @throws Error at a line that it would refuse. */
export async function scraped({ url, token }: Pick<TestService, 'url' | 'token'>): Promise<Metrics> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  const comments = (kind: string) =>
    new Map(
      [...text.matchAll(new RegExp(`^# ${kind} (\\S+) (.+)$`, 'gm'))].map(([, name = '', rest = '']) => [name, rest]),
    );
  const samples = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(sampleOf);
  return {
    text,
    types: comments('TYPE'),
    helps: comments('HELP'),
    samples,
    value: (name, labels) => samples.find((sample) => fits(sample, name, labels))?.value,
  };
}

function fits(sample: Sample, name: string, labels: Readonly<Record<string, string>>): boolean {
  return sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
}

function sampleOf(line: string): Sample {
  const [, name = '', given = '', value = ''] =
    /^([a-z_][a-z0-9_]*)(?:\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)*)\})? (-?[\d.e+-]+|NaN|[+-]?Inf)$/i.exec(line) ?? [];
  if (name === '') throw new Error(`Prometheus would not read: ${line}`);
  const labels = [...given.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/gi)].map(([, label, text]) => [label, text]);
  return { name, labels: Object.fromEntries(labels), value: Number(value) };
}
