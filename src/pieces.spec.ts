import { pieceByPiece, piecesOf } from './pieces.js';

describe('a list in pieces', () => {
  test('has all items, in order, and no piece above the maximum', () => {
    expect(piecesOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(piecesOf([1, 2, 3, 4], 2)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(piecesOf([], 2)).toEqual([]);
  });

  test('is cut by weight; what is too heavy goes alone', () => {
    const weights = [3, 4, 4, 20, 1, 10];
    expect(piecesOf(weights, 10, (weight) => weight)).toEqual([[3, 4], [4], [20], [1], [10]]);
  });
});

describe('piece by piece', () => {
  test('the next begins while one is under way, and no more', async () => {
    const ends: (() => void)[] = [];
    const begun: number[][] = [];
    const done = pieceByPiece([[1], [2], [3]], (piece) => {
      begun.push(piece);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
    await settledTurn();
    expect(begun).toEqual([[1], [2]]);
    ends[0]?.();
    await settledTurn();
    expect(begun).toEqual([[1], [2], [3]]);
    for (const end of ends) end();
    await done;
  });

  test('fails as the first that fails, and begins nothing after it', async () => {
    const begun: number[][] = [];
    const work = async (piece: number[]) => {
      begun.push(piece);
      throw new Error(`piece ${piece}`);
    };
    await expect(pieceByPiece([[1], [2], [3]], work)).rejects.toThrow('piece 1');
    expect(begun).toEqual([[1], [2]]);
  });

  test('fails when nothing is under way any more', async () => {
    const second = Promise.withResolvers<void>();
    let isTold = false;
    const failed = pieceByPiece([[1], [2]], ([piece]) =>
      piece === 1 ? Promise.reject(new Error('piece 1')) : second.promise,
    ).catch(() => {
      isTold = true;
    });
    await settledTurn();
    expect(isTold).toBe(false);
    second.resolve();
    await failed;
    expect(isTold).toBe(true);
  });

  test('is over at once where there is nothing', async () => {
    await pieceByPiece([], () => Promise.reject(new Error('there is nothing')));
  });
});

function settledTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
