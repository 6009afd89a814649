/**
 * As `Promise.all`, but for work on something shared: when a failure is told, nothing of the rest is under way any more.
 * @throws the first failure, in the order of the list.
 */
export async function allDone<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const ended = await Promise.allSettled(work);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return ended.map((one) => (one.status === 'fulfilled' ? one.value : undefined)) as never;
}
