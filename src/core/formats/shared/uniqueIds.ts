/** Makes ids unique by a running number: the second `a` becomes `a (2)`. */
export class UniqueIds {
  private readonly seen = new Set<string>();

  take(id: string): string {
    let unique = id;
    for (let n = 2; this.seen.has(unique); n++) unique = `${id} (${n})`;
    this.seen.add(unique);
    return unique;
  }
}
