import { pauseAfter } from './retry-schedule.js';

describe('the pauses between attempts', () => {
  test('grow from seconds to hours, and end after some two and a half days', () => {
    const pauses: number[] = [];
    for (let pause = pauseAfter(1, 0); pause !== null; pause = pauseAfter(pauses.length + 1, 0)) pauses.push(pause);
    expect(pauses).toEqual([...pauses].sort((left, right) => left - right));
    expect(pauses[0]).toBe(5_000);
    const days = pauses.reduce((sum, pause) => sum + pause, 0) / 86_400_000;
    expect(days).toBeGreaterThan(2);
    expect(days).toBeLessThan(3);
  });

  test('are spread by a tenth at most', () => {
    expect(pauseAfter(1, 1)).toBe(5_500);
  });
});
