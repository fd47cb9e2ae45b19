import { useMemo } from 'react'
import type { Labels } from '../../kit/contract/shapes.ts'
import { type Lexicon, lexiconOf, type Named } from '../../views/domain/index.ts'
import { currentLocale } from '../../web/ui/i18n.ts'
import { useMe } from '../../web/ui/session.ts'
import { type Catalogue, useCatalogue } from './use-names.ts'

/** The words this organisation's filters can be said with. */
export function useLexicon(): Lexicon {
  const catalogue = useCatalogue()
  const { id } = useMe()
  return useMemo(() => lexiconOf(namedIn(catalogue), id), [catalogue, id])
}

/** The place of the reader's language in what has words in three. */
export function languageNo(): 0 | 1 | 2 {
  const locale = currentLocale()
  return locale === 'zh-Hant' ? 0 : locale === 'zh-Hans' ? 1 : 2
}

function namedIn(c: Catalogue | undefined): Parameters<typeof lexiconOf>[0] {
  if (!c) return {}
  const three = (value: string, { zhHant, zhHans, en }: Labels): Named => ({ value, words: [zhHant, zhHans, en] })
  const byId = (all: readonly { id: string; name: Labels }[]) => all.map((x) => three(x.id, x.name))
  const codes = (list: string) => (c.codes[list] ?? []).map((x) => three(x.code, x.labels))
  const regions = [...new Set(c.places.map((p) => p.jurisdiction))]
  return {
    ownerId: c.staff.map((s) => ({ value: s.id, words: [s.name, s.name, s.name] })),
    teamId: byId(c.teams),
    placeId: byId(c.places),
    productId: byId(c.products),
    jurisdiction: regions.map((r) => ({ value: r, words: [r, r, r] })),
    type: codes('issue'),
    flag: codes('risk_flag'),
    outcome: codes('outcome'),
    remedy: codes('remedy'),
    channel: c.channels.map((x) => three(x.kind, x.labels)),
  }
}
