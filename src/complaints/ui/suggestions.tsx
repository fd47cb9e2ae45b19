import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ComplaintPage } from '../contract.ts'
import { OtherComplaint } from './other-complaint.tsx'
import { CommandProblem } from './stale-note.tsx'
import { type Command, useCommand } from './use-command.ts'
import { useNames } from './use-names.ts'

type Suggestion = ComplaintPage['suggestions'][number]

/** 併案: suggested, never done by itself. One person's complaints are merged, those of different people linked. */
export function Suggestions({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const merge = useCommand('merge', page)
  const link = useCommand('link', page)
  const dismiss = useCommand('dismiss', page)
  if (page.suggestions.length === 0) return null
  return (
    <section className="note-box warn">
      <h3>{t('suggestions.title')}</h3>
      {page.suggestions.map((s) => (
        <div key={s.id} className="suggestion">
          <OtherComplaint {...s} />
          <p className="small">
            {s.reasons.map((r) => t(`suggestions.${r}`, { defaultValue: r })).join(t('common.comma'))}
          </p>
          <Whose {...s} />
          <Ways suggestion={s} page={page} merge={merge} link={link} dismiss={dismiss} />
        </div>
      ))}
      <CommandProblem command={merge} page={page} />
      <CommandProblem command={link} page={page} />
      <CommandProblem command={dismiss} page={page} />
    </section>
  )
}

/** What a merge would say, where the records do not say it. */
function Whose({ complainant }: Suggestion) {
  const { t } = useTranslation()
  if (complainant === 'same' || complainant === undefined) return null
  return <p className="quiet small">{t(`suggestions.${complainant}`)}</p>
}

type WaysProps = { suggestion: Suggestion; page: ComplaintPage; merge: Command; link: Command; dismiss: Command }

function Ways({ suggestion: s, page, merge, link, dismiss }: WaysProps) {
  const { t } = useTranslation()
  const { catalogue } = useNames()
  const isOpen = catalogue?.states.find((x) => x.name === s.state)?.open ?? true
  const may = (name: string) => page.actions.some((a) => a.name === name && a.allowed)
  const same = s.complainant === 'perhaps' ? { sameComplainant: true } : {}
  return (
    <div className="row-flex">
      {may('merge') && isOpen && s.complainant !== 'another' && (
        <Button size="compact-xs" loading={merge.pending} onClick={() => void merge.send({ intoId: s.id, ...same })}>
          {t('suggestions.merge-same', { number: s.number })}
        </Button>
      )}
      {may('link') && s.complainant !== 'same' && (
        <Button
          size="compact-xs"
          variant="default"
          loading={link.pending}
          onClick={() => void link.send({ otherId: s.id, kind: 'related' })}
        >
          {t('suggestions.link-other')}
        </Button>
      )}
      <Button
        size="compact-xs"
        variant="default"
        loading={dismiss.pending}
        onClick={() => void dismiss.send({ otherId: s.id })}
      >
        {t('suggestions.dismiss')}
      </Button>
    </div>
  )
}
