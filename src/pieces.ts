import { allDone } from './all-done.js';

/** Cuts a list where a piece would weigh more than `maximum`; an item that does by itself goes alone. */
export function piecesOf<Item>(
  items: Iterable<Item>,
  maximum: number,
  weightOf: (item: Item) => number = () => 1,
): Item[][] {
  const pieces: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const weight = weightOf(item);
    if (weight > room || pieces.length === 0) {
      pieces.push([]);
      room = maximum;
    }
    pieces.at(-1)?.push(item);
    room -= weight;
  }
  return pieces;
}

/**
 * Starts work on one piece after the other: on one while that on the one before is under way, and no more.
 * @throws the first failure, when nothing is under way any more.
 */
export async function pieceByPiece<Item>(
  pieces: Iterable<Item[]>,
  work: (piece: Item[]) => Promise<unknown>,
): Promise<void> {
  const started: Promise<unknown>[] = [];
  try {
    for (const piece of pieces) {
      const next = work(piece);
      next.catch(() => undefined); // the one before may fail first
      started.push(next);
      await started.at(-2);
    }
  } finally {
    await allDone(started);
  }
}
