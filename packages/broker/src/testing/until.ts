/** Lets the event loop turn until the condition holds. The fake clock stands still. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  // The wall-clock limit only stops a wait that cannot succeed. It is long because the first call loads the
  // client.
  const giveUpAt = Date.now() + 4_000
  while (Date.now() < giveUpAt) {
    if (await holds()) return
    await new Promise(setImmediate)
  }
  throw new Error('the condition did not become true within 4 s')
}
