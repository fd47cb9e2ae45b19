/** What the first start of an empty installation does about the demo. */
export type Offer = 'load' | 'none' | 'withheld'

/**
 * The passwords of the demo are published. So it is loaded unasked only where nobody but this machine can sign in; elsewhere
 * somebody has to say `--demo`.
 */
export function offerOf(given: { host: string; demo: boolean; empty: boolean }): Offer {
  if (given.empty) return 'none'
  return given.demo || isLoopback(given.host) ? 'load' : 'withheld'
}

/** Whether an address listened on is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
