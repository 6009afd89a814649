import { setTimeout as pause } from 'node:timers/promises';
import type { Member } from './fleet.js';
import { oneOf } from './load.js';
import { NAMED_STEPS, type Work } from './named-steps.js';
import { takerOf } from './order.js';
import { roundsFor } from './rounds.js';
import { Scene } from './scene.js';
import { WORKS } from './work.js';

const PROCESSES = 3;
const PUBLISHERS = 2;

const STEPS = Object.entries(NAMED_STEPS).flatMap(([step, { work }]) =>
  work.map((kind): [Work, string] => [kind, step]),
);
const { named, random } = roundsFor(STEPS.length);

let scene: Scene;
let { fleet, load, poller, repository } = {} as Scene;
let rounds = 0;

beforeAll(async () => {
  scene = await Scene.open({ processes: PROCESSES, publishers: PUBLISHERS, bins: 16 });
  ({ fleet, load, poller, repository } = scene);
});

afterAll(async () => {
  await scene?.close();
});

describe(`kill -9 of one of ${PROCESSES} processes, with clients and publishers going on`, () => {
  test.each(STEPS)('%s: %s', async (work, step) => {
    for (let time = 0; time < named; time += 1) {
      const ask = (member: Member) => WORKS[work](member, repository);
      const victim = await takerOf({ step, signal: 'SIGKILL' }, fleet, scene.folder, ask);
      await victim.process.ended;
      rounds += 1;
    }
    expect(poller.found).toEqual([]);
  });

  test(`at ${random} random moments`, async () => {
    const kinds = Object.keys(WORKS) as Work[];
    for (let time = 0; time < random; time += 1) {
      const member = oneOf(await fleet.listening(2)); // another one serves while one is killed
      const asked = WORKS[oneOf(kinds)](member, repository).catch(() => undefined);
      await pause(Math.random() * 60);
      await member.process.stop('SIGKILL');
      await asked;
      rounds += 1;
    }
    expect(poller.found).toEqual([]);
  }, 600_000);

  test('lost nothing that was acknowledged, applied nothing twice, and clients could read at every moment', async () => {
    await load.end();
    await scene.expectWhole(PROCESSES);
    const { violations, polls, late } = await poller.end();
    expect(violations).toEqual([]);
    expect(polls).toBeGreaterThan(rounds / 4);
    expect(late).toBeLessThan(polls / 2);
    process.stdout.write(
      `${rounds} kills, ${load.acknowledged.length} acknowledged changes, ${polls} polls (${late} repeated)\n`,
    );
  }, 120_000);
});
