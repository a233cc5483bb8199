// Groups of what belongs together, found pair by pair in any order: union-find over keys.

export interface UnionFind {
  /** The key that stands for the key's group: the smallest of it, or itself where it was never joined. */
  find(key: string): string
  join(a: string, b: string): void
}

export function createUnionFind(): UnionFind {
  const parent = new Map<string, string>()
  const find = (key: string): string => {
    let top = key
    for (let next = parent.get(top); next !== undefined; next = parent.get(top)) top = next
    if (top !== key) parent.set(key, top)
    return top
  }
  return {
    find,
    join(a, b) {
      const [low, high] = [find(a), find(b)].sort()
      if (low !== high) parent.set(high!, low!)
    },
  }
}
