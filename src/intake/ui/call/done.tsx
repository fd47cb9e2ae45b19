import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Locale } from '../../../kit/contract/shapes.ts'
import { useShortcut } from './keys.ts'
import { ReadBack } from './read-back.tsx'
import { Timers } from './timers.tsx'

/** What was recorded, with what has to be said of it. */
export type Noted = {
  readonly id: string
  readonly number: string
  readonly publicRef: string
  readonly secret: string
  readonly name: string
  readonly locale: Locale
  readonly about: string
  readonly promised: { readonly kind: string; readonly at: number } | null
  readonly startedAt: number
  readonly endedAt: number
}

/** The number, large, to be read out; the words to say; and the next call. */
export function Done({ noted, again }: { noted: Noted; again: () => void }) {
  const { t } = useTranslation()
  const [endedAt, setEndedAt] = useState(noted.endedAt)
  useShortcut('KeyW', () => setEndedAt(endedAt || Date.now()))
  return (
    <div className="stack" role="status">
      <Timers startedAt={noted.startedAt} endedAt={endedAt} />
      <p className="big-number">{noted.number}</p>
      <ReadBack {...noted} />
      {noted.secret && (
        <p className="quiet">
          {t('new.public-ref')} <span className="mono">{noted.publicRef}</span>
          {t('common.dot')}
          {t('new.secret')} <span className="mono">{noted.secret}</span> {t('new.secret-once')}
        </p>
      )}
      <div className="row-flex">
        <Button onClick={again} data-autofocus autoFocus>
          {t('call.next')}
        </Button>
        <Button variant="default" component={Link} to={`/complaints/${noted.id}`}>
          {t('new.open')}
        </Button>
      </div>
    </div>
  )
}
