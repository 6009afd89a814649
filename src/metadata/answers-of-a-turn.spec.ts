import { setImmediate as endOfTurn } from 'node:timers/promises';
import { AnswersOfATurn } from './answers-of-a-turn.js';

test('answers are given in their order at the end of the turn, those that come then in the next one', async () => {
  const answers = new AnswersOfATurn();
  const given: string[] = [];
  answers.add(() => {
    given.push('first');
    answers.add(() => given.push('third'));
  });
  answers.add(() => given.push('second'));
  expect(given).toEqual([]);
  await endOfTurn();
  expect(given).toEqual(['first', 'second']);
  await endOfTurn();
  expect(given).toEqual(['first', 'second', 'third']);
});
