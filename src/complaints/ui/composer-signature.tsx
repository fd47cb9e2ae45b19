import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../web/ui/session.ts'
import type { ComplaintPage } from '../contract.ts'

const keyOf = { 'zh-Hant': 'zhHant', 'zh-Hans': 'zhHans', en: 'en' } as const

/**
 * The writer's signature in the complainant's language. What leaves is the text with it, as one: what is sent is what the
 * history proves. Not under words that were told otherwise, nor twice.
 */
export function useSignature(page: ComplaintPage, given: { text: string; wanted: boolean }) {
  const me = useMe()
  const [on, setOn] = useState(true)
  const words = me.signature[keyOf[page.complaint.locale]].trim()
  const there = given.text.trimEnd().endsWith(words)
  const offered = given.wanted && words !== '' && !there
  return {
    words,
    offered,
    on,
    setOn,
    signed: (text: string) => (offered && on ? `${text.trimEnd()}\n\n${words}` : text),
  }
}

export function SignaturePreview({
  signature,
  insert,
}: {
  signature: ReturnType<typeof useSignature>
  insert: () => void
}) {
  const { t } = useTranslation()
  const { words, offered, on, setOn } = signature
  if (!offered) return null
  return (
    <div className="signature small">
      {on && (
        <p className="quiet" dir="auto">
          {words}
        </p>
      )}
      <button type="button" className="plain link" onClick={() => setOn(!on)}>
        {t(on ? 'signature.leave-out' : 'signature.add')}
      </button>{' '}
      {on && (
        <button type="button" className="plain link" onClick={insert}>
          {t('signature.insert')}
        </button>
      )}
    </div>
  )
}
