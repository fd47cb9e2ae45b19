// A mail during which a process died is tried again while no other mail of this process is in hand: should it die again, it is
// known of which.

let gate: Promise<void> = Promise.resolve()
const inside = new Set<Promise<unknown>>()

/** Works beside others, once nobody has to be alone. */
export async function inCompany<T>(work: () => Promise<T>): Promise<T> {
  for (let seen: Promise<void> | undefined; seen !== gate; ) {
    seen = gate
    await seen
  }
  const under = work()
  inside.add(under)
  try {
    return await under
  } finally {
    inside.delete(under)
  }
}

/** Works once all that others began is done; those that come meanwhile wait. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  const before = gate
  let open: () => void = () => undefined
  gate = new Promise((done) => (open = done))
  try {
    await before
    await Promise.allSettled(inside)
    return await work()
  } finally {
    open()
  }
}
