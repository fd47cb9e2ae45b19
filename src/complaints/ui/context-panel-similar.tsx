import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { type ComplaintPage, similarComplaints } from '../contract.ts'
import { useNames } from './use-names.ts'

/** What was said nearly so before, and how it went: asked for when somebody wants to know. */
export function Similar({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const [on, setOn] = useState(false)
  const { id } = page.complaint
  const found = useQuery({ ...read(similarComplaints, { params: { id } }), enabled: on, staleTime: 60_000 })
  return (
    <section>
      <h3>{t('context.similar')}</h3>
      {!on && (
        <button type="button" className="plain link small" onClick={() => setOn(true)}>
          {t('context.similar-find')}
        </button>
      )}
      {on && (
        <Answer of={found}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="quiet small">{t('context.similar-none')}</p>
            ) : (
              items.map((s) => <One key={s.id} {...s} />)
            )
          }
        </Answer>
      )}
    </section>
  )
}

type Item = {
  id: string
  number: string
  title: string
  state: string
  likeness: number
  outcomeCode: string | null
  remedyCode: string | null
  summary: string
}

function One({ id, number, title, state, likeness, outcomeCode, remedyCode, summary }: Item) {
  const { t } = useTranslation()
  const names = useNames()
  const done = [names.code('outcome', outcomeCode), names.code('remedy', remedyCode)].filter(Boolean)
  return (
    <Link to="/complaints/$id" params={{ id }} search={(before: object) => before} className="other">
      {harmless(title) || number}
      <small>
        {number}
        {t('common.dot')}
        {names.state(state)}
        {t('common.dot')}
        <span className="likeness">{Math.round(likeness * 100)} %</span>
      </small>
      {(done.length > 0 || summary) && (
        <small>
          {t('context.similar-done', { how: [...done, summary.slice(0, 120)].filter(Boolean).join(t('common.comma')) })}
        </small>
      )}
    </Link>
  )
}
