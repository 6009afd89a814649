import { EXIT } from './command-error.js';
import { parseProblem, problemError } from './problem-text.js';

describe('what a user is told of a problem', () => {
  test('is the detail alone, when the one field says the same', () => {
    const errors = [{ field: 'name', rule: 'must not be taken' }];
    const error = problemError({ status: 409, detail: 'name must not be taken', errors });
    expect([error.message, ...error.details]).toEqual(['name must not be taken']);
  });

  test('is each field on a line of its own, when there are several', () => {
    const errors = [
      { field: 'artifacts[0].path', rule: 'must not be empty' },
      { field: 'artifacts[1].length', rule: 'must be a whole number' },
    ];
    const error = problemError({ status: 400, detail: 'both in one long line', errors });
    expect(error.details).toEqual([
      'artifacts[0].path must not be empty',
      'artifacts[1].length must be a whole number',
    ]);
    expect(error.message).not.toContain('long line');
  });

  test('says how to give a token when there was none that is accepted', () => {
    expect(problemError({ status: 401, detail: 'this needs a valid token' }).details.join()).toContain(
      'TRS_TOKEN_FILE',
    );
  });

  test.each([
    ['as it stands', 'keys[0]: nobody knows a key 00', 'keys[0]: nobody knows a key 00'],
    ['behind its field', 'name must be a name', 'must be a name'],
  ])('is not said twice where the detail is the reason %s', (_name, detail, rule) => {
    const [field = ''] = detail.split(/[ :]/);
    const { message, details } = problemError({ status: 400, detail, errors: [{ field, rule }] });
    expect([message, details]).toEqual([detail, []]);
  });

  test.each([
    [400, EXIT.failed],
    [401, EXIT.unauthorized],
    [404, EXIT.notFound],
    [409, EXIT.failed],
    [422, EXIT.failed],
    [503, EXIT.unreachable],
  ])('of status %i ends the command with exit code %i', (status, exitCode) => {
    expect(problemError({ status, detail: 'so it is' }).exitCode).toBe(exitCode);
  });

  test('is the status, when a proxy answers in place of the service', () => {
    expect(parseProblem(502, 'Bad Gateway', '<html>')).toEqual({
      status: 502,
      detail: 'the service answers 502 Bad Gateway',
    });
  });
});
