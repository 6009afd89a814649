import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Gathered } from './gathered.js';

/** Answers each with itself, and keeps what was asked together. */
function echoing() {
  const batches: number[][] = [];
  const same = new Gathered<number, number>(10, async (asked) => {
    batches.push([...asked]);
    await nextTurn();
    return asked;
  });
  return { batches, same };
}

describe('questions that are gathered', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test('are asked alone while nobody else asks, and together while one is under way', async () => {
    const batches: number[][] = [];
    const doubled = new Gathered<number, number>(3, async (asked) => {
      batches.push([...asked]);
      await nextTurn();
      return asked.map((number) => number * 2);
    });
    const answers = await Promise.all([1, 2, 3, 4, 5].map((number) => doubled.ask(number)));
    expect(answers).toEqual([2, 4, 6, 8, 10]);
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
    expect(await doubled.ask(6)).toBe(12);
  });

  test('wait a moment for each other where several shared the last answer', async () => {
    const { batches, same } = echoing();
    const askThree = () => Promise.all([1, 2, 3].map((number) => same.ask(number)));
    await askThree();
    await askThree();
    expect(batches).toEqual([[1], [2, 3], [1, 2, 3]]);
    await same.ask(4);
    await nextTurn();
    await askThree();
    expect(batches.slice(3)).toEqual([[4], [1], [2, 3]]);
  });

  test('wait a moment for those whom the last answer reached meanwhile, so that two halves do not take turns', async () => {
    const { batches, same } = echoing();
    const one = same.ask(1).then(() => same.ask(3));
    await Promise.all([one, same.ask(2)]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  test('wait longer for those who were announced, and for no more than them', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { batches, same } = echoing();
    same.expect(3);
    const first = same.ask(1);
    jest.advanceTimersByTime(14); // more than those wait who only shared an answer
    expect(batches).toEqual([]);
    await Promise.all([first, same.ask(2), same.ask(3)]);
    expect(batches).toEqual([[1, 2, 3]]);
    same.expect(2);
    const alone = same.ask(4);
    jest.advanceTimersByTime(15);
    await alone;
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  test('that fail together are asked again one by one, so that only the bad one fails', async () => {
    const picky = new Gathered<number, number>(10, async (asked) => {
      await nextTurn();
      if (asked.includes(3)) throw new Error('not three');
      return asked;
    });
    const settled = await Promise.allSettled([1, 2, 3, 4].map((number) => picky.ask(number)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await picky.ask(5)).toBe(5);
  });
});
