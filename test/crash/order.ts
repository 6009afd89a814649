import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet, Member, StepName } from './fleet.js';
import { oneOf } from './load.js';

/** What processes are told over IPC: the first that comes by the step writes its id into the file, and gets the signal. */
export interface Order {
  readonly step: StepName;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
  readonly takenBy: string;
}

/** How long it may take until one comes by a step of what was asked for. */
const REACHED_MS = 30_000;
const ASK_AGAIN_MS = 100;

/**
 * Orders all processes of a fleet, for only one of them publishes, and asks until one has taken the order.
 * @param folder where orders are taken. @param ask asks a process for what has the step.
 */
export async function takerOf(
  { step, signal }: Omit<Order, 'takenBy'>,
  fleet: Fleet,
  folder: string,
  ask: (member: Member) => Promise<unknown>,
): Promise<Member> {
  const order: Order = { step, signal, takenBy: join(folder, `order-${randomUUID()}`) };
  const told = new Map<number, Member>();
  for (const deadline = Date.now() + REACHED_MS; Date.now() < deadline; await pause(ASK_AGAIN_MS)) {
    const members = await fleet.listening(2); // another one serves while one is stopped
    for (const member of members) {
      if (!told.has(member.process.pid)) await member.process.tell(order);
      told.set(member.process.pid, member);
    }
    void ask(oneOf(members)).catch(() => undefined);
    const taker = told.get(Number(await readFile(order.takenBy, 'utf8').catch(() => '')));
    if (taker) return taker;
  }
  throw new Error(`nobody came by the step "${step}"`);
}
