/** Remembers how something differs from what it was compared with last: a revision asks that more than once. */
export class LastComparison<Other extends object, Difference> {
  private last: { readonly other: WeakRef<Other>; readonly difference: Difference } | null = null;

  with(other: Other, compare: () => Difference): Difference {
    if (this.last?.other.deref() !== other) this.last = { other: new WeakRef(other), difference: compare() };
    return this.last.difference;
  }
}
