import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/**
 * A real Chromium: the machine's own where there is one, else the one inside an npm package (no system packages; its
 * libraries come along where libnss3 is missing). Web security stays on: that is part of what is tested.
 */
export async function openBrowser(): Promise<Browser> {
  // Under LANG=C Chromium cannot spell the name of a download in Chinese, and calls it "download".
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  const own = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => existsSync(p))
  if (own) return chromium.launch({ executablePath: own, args: ['--no-sandbox', '--disable-dev-shm-usage'], env })
  if (!hasLibrary('libnss3.so')) process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
  const { default: packed } = await import('@sparticuz/chromium')
  const executablePath = await packed.executablePath()
  // Web security stays on; one process and no zygote hang on screenshots.
  const unwanted = ['--disable-web-security', '--allow-running-insecure-content', '--single-process', '--no-zygote']
  const args = packed.args.filter((a) => !unwanted.includes(a))
  return chromium.launch({ executablePath, args, headless: true, env: { ...process.env, ...env } })
}

function hasLibrary(name: string): boolean {
  return [
    '/lib/x86_64-linux-gnu',
    '/usr/lib/x86_64-linux-gnu',
    '/lib64',
    '/usr/lib64',
    '/usr/lib',
    '/lib/aarch64-linux-gnu',
  ].some((dir) => existsSync(`${dir}/${name}`))
}
