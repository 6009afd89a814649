export interface StreamEvent {
  readonly type: string;
  readonly data: string;
}

/** Cuts the text of server-sent events into events; comments and fields without use here are left out. */
export async function* eventsOf(chunks: AsyncIterable<string>): AsyncGenerator<StreamEvent> {
  let rest = '';
  for await (const chunk of chunks) {
    const blocks = (rest + chunk).replace(/\r\n/g, '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield eventOf(block);
  }
}

function eventOf(block: string): StreamEvent {
  const valuesOf = (name: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
  return { type: valuesOf('event').at(-1) ?? 'message', data: valuesOf('data').join('\n') };
}
