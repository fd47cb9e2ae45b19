/** What the first start of an empty installation does about the demo. */
export type Offer = 'load' | 'none' | 'withheld'

/** How this installation is reached: the address it listens on, and the address people use when that is another one. */
export type Reach = { readonly host: string; readonly publicUrl: string | undefined }

/**
 * The passwords of the demo are published. So it is loaded unasked only where nobody but this machine can sign in; elsewhere
 * somebody has to say `--demo`.
 */
export function offerOf(given: Reach & { demo: boolean; empty: boolean }): Offer {
  if (given.empty) return 'none'
  return given.demo || openToOthers(given) === undefined ? 'load' : 'withheld'
}

/** The address by which others reach this installation, if any: a proxy on the same machine opens a loopback address too. */
export function openToOthers({ host, publicUrl }: Reach): string | undefined {
  if (!isLoopback(host)) return host
  const name = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.hostname.replace(/^\[|\]$/g, '')
  return name === undefined || isLoopback(name) ? undefined : publicUrl
}

/** Whether an address is reached from this machine only. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
