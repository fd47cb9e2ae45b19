import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { moment, type Reader } from '../../web/ui/time.ts'
import { useReader } from '../../web/ui/when.tsx'
import type { ComplaintPage } from '../contract.ts'
import { eventWords as inWords } from '../domain/event-words.ts'
import { type Names, useNames } from './use-names.ts'

/** Events in the reader's words: a sentence by type, with codes and ids turned into names. */
export function useEventWords(page: ComplaintPage) {
  const { t } = useTranslation()
  return eventWords({ t, names: useNames(), reader: useReader(), page })
}

type Given = { readonly t: TFunction; readonly names: Names; readonly reader: Reader; readonly page: ComplaintPage }

/** The same for a given language, catalogue and zone. */
export function eventWords({ t, names, reader, page }: Given) {
  return inWords({ t, names, page, at: (instant) => moment(instant, reader) })
}
