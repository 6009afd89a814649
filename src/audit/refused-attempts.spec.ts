import { type CountedAttempts, type RefusedAttempt, RefusedAttempts } from './refused-attempts.js';

const START = new Date('2026-01-31T12:00:00Z');
const later = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

function attempt(about: Partial<RefusedAttempt> = {}): RefusedAttempt {
  return {
    principal: null,
    credential: null,
    address: '192.0.2.7',
    method: 'POST',
    route: '/api/v1/keys',
    repository: null,
    status: 401,
    code: 'unauthorized',
    ...about,
  };
}

function told(counted: readonly CountedAttempts[]): [string | null, number][] {
  return counted.map(({ attempt: { address }, attempts }) => [address, attempts]);
}

function sum(counted: readonly CountedAttempts[]): number {
  return counted.reduce((total, { attempts }) => total + attempts, 0);
}

describe('refused attempts', () => {
  test('are told at once, and their repetitions as a number when the minute is over', () => {
    const attempts = new RefusedAttempts();
    attempts.note(attempt(), START);
    expect(told(attempts.take(later(1)))).toEqual([['192.0.2.7', 1]]);
    attempts.note(attempt(), later(2));
    attempts.note(attempt(), later(40));
    expect(attempts.take(later(59))).toEqual([]);
    expect(attempts.take(later(61))).toEqual([{ attempt: attempt(), attempts: 2, first: later(2), last: later(40) }]);
    expect(attempts.take(later(200))).toEqual([]);
  });

  test.each<[string, Partial<RefusedAttempt>]>([
    ['address', { address: '192.0.2.8' }],
    ['principal', { principal: 'ci' }],
    ['credential', { credential: 'of ci' }],
    ['method', { method: 'DELETE' }],
    ['route', { route: '/api/v1/repositories' }],
    ['repository', { repository: 'demo' }],
    ['status', { status: 403 }],
    ['code', { code: 'request-invalid' }],
  ])('are told apart by %s', (_, about) => {
    const attempts = new RefusedAttempts();
    attempts.note(attempt(), START);
    attempts.note(attempt(about), START);
    expect(attempts.take(START).map((counted) => counted.attempts)).toEqual([1, 1]);
  });

  test('of a flood without a token cost 42 entries a minute at most, and none is left uncounted', () => {
    const attempts = new RefusedAttempts();
    for (let index = 0; index < 10_000; index += 1) {
      attempts.note(attempt({ address: `2001:db8::${index.toString(16)}` }), later(index / 250));
      attempts.note(attempt({ address: `2001:db8::${index.toString(16)}` }), later(index / 250));
    }
    const counted = attempts.take(later(61));
    expect(counted.length).toBeLessThanOrEqual(42);
    expect(sum(counted)).toBe(20_000);
    expect(counted.at(-1)).toMatchObject({ attempt: { address: null, route: null, principal: null } });
  });

  test('of nobody leave room for those of a principal, and one principal for the others', () => {
    const attempts = new RefusedAttempts();
    for (let index = 0; index < 1_000; index += 1) {
      attempts.note(attempt({ address: `a${index}` }), START);
      attempts.note(attempt({ address: `b${index}`, principal: 'noisy', credential: 'noisy' }), START);
    }
    attempts.take(START);
    attempts.note(attempt({ principal: 'quiet', credential: 'quiet' }), START);
    expect(attempts.take(START)).toMatchObject([
      { attempt: attempt({ principal: 'quiet', credential: 'quiet' }), attempts: 1 },
    ]);
  });

  test('of a minute that is not over are told when the service stops', () => {
    const attempts = new RefusedAttempts();
    for (let index = 0; index < 5; index += 1) attempts.note(attempt(), START);
    expect(sum(attempts.takeAll())).toBe(5);
  });
});
