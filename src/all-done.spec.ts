import { setTimeout as pause } from 'node:timers/promises';
import { allDone } from './all-done.js';

test('all results come in the order of the work', async () => {
  expect(await allDone([pause(5, 'slow'), 'known', Promise.resolve(3)])).toEqual(['slow', 'known', 3]);
});

test('a failure is told when the rest has ended, too', async () => {
  let hasEnded = false;
  const slow = pause(20).then(() => {
    hasEnded = true;
  });
  await expect(allDone([Promise.reject(new Error('first')), slow])).rejects.toThrow('first');
  expect(hasEnded).toBe(true);
});

test('of several failures the first of the list is told', async () => {
  const late = pause(5).then(() => Promise.reject(new Error('late')));
  await expect(allDone([late, Promise.reject(new Error('early'))])).rejects.toThrow('late');
});
