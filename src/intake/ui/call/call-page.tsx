import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../web/ui/page.tsx'
import './call.css'
import { CallEntry } from './call-entry.tsx'
import { type Caller } from './call-form.ts'
import { Done, type Noted } from './done.tsx'

/** A call as it comes in, by keys alone; one after the other. */
export function CallPage() {
  const { t } = useTranslation()
  const caller: Caller = useSearch({ strict: false })
  const [noted, setNoted] = useState<Noted | null>(null)
  const [count, setCount] = useState(0)
  const again = () => {
    setNoted(null)
    setCount(count + 1)
  }
  return (
    <Page title={t('call.title')}>
      {noted ? (
        <Done noted={noted} again={again} />
      ) : (
        <CallEntry key={`${caller.from}.${count}`} caller={count === 0 ? caller : {}} done={setNoted} />
      )}
    </Page>
  )
}
