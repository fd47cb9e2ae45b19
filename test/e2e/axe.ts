import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

type Axe = { readonly run: (options: RunOptions) => Promise<AxeResults> }

// The builder of @axe-core/playwright loads its half a megabyte four times a look; here it is once a page.
const axeOfBuilder = createRequire(import.meta.resolve('@axe-core/playwright'))
const { source }: { source: string } = axeOfBuilder('axe-core')

/** What axe calls serious or critical, light first, then the colours again in the dark. */
export async function findings(page: Page, where: string): Promise<string[]> {
  const found: string[] = []
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(source)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const rules = colorScheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined
    for (const wrong of await page.evaluate(seriousIn, rules)) found.push(`${where} ${colorScheme} ${wrong}`)
  }
  return found
}

/** Runs in the page, which has no frames and no media: nothing is loaded beforehand, and only what is wrong is worked out. */
async function seriousIn(rules: string[] | undefined): Promise<string[]> {
  const { axe } = globalThis as unknown as { axe: Axe }
  const options: RunOptions = { resultTypes: ['violations'], preload: false, ...(rules ? { runOnly: rules } : {}) }
  const { violations } = await axe.run(options)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).join(' | ')}`,
    )
}
