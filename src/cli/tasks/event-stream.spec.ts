import { eventsOf, type StreamEvent } from './event-stream.js';

async function* inChunks(...chunks: string[]) {
  yield* chunks;
}

async function eventsIn(...chunks: string[]) {
  const events: StreamEvent[] = [];
  for await (const event of eventsOf(inChunks(...chunks))) events.push(event);
  return events;
}

describe('server-sent events', () => {
  test('are put together, however the network cuts them', async () => {
    const text =
      'event: task\r\nid: waiting\r\ndata: {"state":\r\ndata: "waiting"}\r\n\r\nevent: heartbeat\r\ndata:\r\n\r\n';
    for (const size of [1, 2, 7, text.length]) {
      const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const events = await eventsIn(...chunks);
      expect(events).toEqual([
        { type: 'task', data: '{"state":\n"waiting"}' },
        { type: 'heartbeat', data: '' },
      ]);
    }
  });

  test('leave out what was cut off at the end', async () => {
    expect(await eventsIn('event: task\ndata: {"st')).toEqual([]);
  });
});
