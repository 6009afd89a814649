const ROUND_MS = 60;
const ROUNDS = 3;

/** How many milliseconds a step takes when it is repeated, once it is warm; one sample for each of a few rounds. */
export function timesOf(step: () => unknown): number[] {
  step();
  return Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    let count = 0;
    for (; performance.now() - started < ROUND_MS; count += 1) step();
    return (performance.now() - started) / count;
  });
}

/** The milliseconds of each of `count` runs of a step that waits for something. */
export async function eachTimeOf(count: number, step: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let done = 0; done < count; done += 1) {
    const started = performance.now();
    await step();
    times.push(performance.now() - started);
  }
  return times;
}
