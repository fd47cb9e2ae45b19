import { html, type Safe } from '../html.ts'
import type { Privacy } from '../store.ts'
import type { Visit } from '../visit.ts'
import { isWord, labelIn } from '../words.ts'

/**
 * Who takes the data, what for, how long, and which rights there are, before any is typed: 個資法 §8, PIPL art. 17, UK GDPR
 * art. 13, as the places of the organisation ask for it.
 */
export function privacyNotice(visit: Visit, privacy: Privacy | undefined): Safe {
  const { say } = visit
  const org = labelIn(visit.org.name, visit.locale)
  const laws = [...new Set(visit.jurisdictions)].map((j) => `privacy.law.${j}`).filter(isWord)
  const period = privacy?.years ? say('privacy.years', { years: privacy.years }) : say('privacy.period')
  const contact = privacy?.contact ? say('privacy.contact', { contact: privacy.contact }) : say('privacy.ask')
  return html`<details class="privacy"><summary>${say('privacy.title', { org })}</summary>
<p>${say('privacy.who', { org })}</p><p>${say('privacy.purpose')}</p><p>${say('privacy.what')}</p><p>${period}</p><p>${say('privacy.rights')} ${contact}</p>
${laws.map((law) => html`<p>${say(law)}</p>`)}
<p>${say('privacy.free')}</p></details>`
}
