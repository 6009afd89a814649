import { readFile } from 'node:fs/promises';
import { TrsDesk } from '../support/trs-desk.js';

interface Shown {
  readonly command: string;
  readonly lines: readonly string[];
}

/** Each command with the block after it, which shows lines of what it prints. */
async function shown(): Promise<Shown[]> {
  const page = await readFile(new URL('../../docs/scaling.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```sh\ntrs (plan [^`]+)```\n\n```\n([^`]+)```/g)];
  return blocks.map(([, command = '', output = '']) => ({
    command: command.replace(/\\\n/g, ' ').trim(),
    lines: output.split('\n').filter((line) => line !== '' && line !== '…'),
  }));
}

test('docs/scaling.md shows what trs plan prints', async () => {
  const desk = await TrsDesk.at({ url: 'http://127.0.0.1:1', token: 'none' });
  const pages = await shown();
  expect(pages.length).toBeGreaterThan(3);
  for (const { command, lines } of pages) {
    const printed = (await desk.fine(command.split(/\s+/))).split('\n');
    expect(lines.filter((line) => !printed.includes(line))).toEqual([]);
  }
  await desk.leave();
});
