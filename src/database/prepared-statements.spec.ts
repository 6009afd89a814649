import { preparedName } from './prepared-statements.js';

test('a statement has one name, and another statement another one', () => {
  const name = preparedName('select $1');
  expect(preparedName('select $1')).toBe(name);
  expect(preparedName('select $1, $2')).not.toBe(name);
});

test('those with lists of parameters, which come in many lengths, do not fill the memory of PostgreSQL', () => {
  const known = preparedName('select $1');
  for (let count = 0; count < 1_000; count += 1) preparedName(`select in (${'$,'.repeat(count)})`);
  expect(preparedName('select once more')).toBeUndefined();
  expect(preparedName('select $1')).toBe(known);
});
