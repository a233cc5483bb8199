// Memory of the thread that runs: each thread has an instance of the module and tells it where its own scratch lies.

let own: usize = 0

export function setScratch(at: usize): void {
  own = at
}

@inline
export function scratch(): usize {
  return own
}
