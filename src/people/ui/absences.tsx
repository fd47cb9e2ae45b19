import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMe } from '../../web/ui/session.ts'
import { isoDate } from '../../web/ui/time.ts'
import { read, useSend } from '../../web/ui/use-call.ts'
import { useNow } from '../../web/ui/use-now.ts'
import {
  type Absence,
  addAbsence,
  addMyAbsence,
  listAbsences,
  removeAbsence,
  removeMyAbsence,
  staffDirectory,
} from '../contract.ts'
import { spanWords } from './use-away.ts'

/** Days somebody is away, and who stands in; one's own, or a colleague's where one leads. */
export function Absences({ staffId, zone }: { staffId: string; zone: string }) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const me = useMe()
  const mine = staffId === me.id
  const people = useQuery(read(staffDirectory, {})).data?.staff ?? []
  const absences = useQuery(read(listAbsences, {})).data?.absences ?? []
  const now = useNow()
  const today = isoDate(now, zone)
  const [form, setForm] = useState({ from: today, until: '', standInId: '' })
  const [removed, setRemoved] = useState<Absence | null>(null)
  const again = () => client.invalidateQueries({ queryKey: [listAbsences.id] })
  const added = () => {
    setForm({ from: today, until: '', standInId: '' })
    return again()
  }
  const addMine = useSend(addMyAbsence, added)
  const addTheirs = useSend(addAbsence, added)
  const dropMine = useSend(removeMyAbsence, again)
  const dropTheirs = useSend(removeAbsence, again)
  const add = (body: { from: string; until: string; standInId: string | null }) =>
    mine ? addMine.mutate({ body }) : addTheirs.mutate({ params: { id: staffId }, body })
  const drop = (a: Absence) => {
    setRemoved(a)
    ;(mine ? dropMine : dropTheirs).mutate({ params: { id: a.id } })
  }
  const restore = ({ from, until, standInId }: Absence) => {
    setRemoved(null)
    add({ from, until, standInId })
  }
  const nameOf = (id: string | null) => people.find((p) => p.id === id)?.name ?? ''
  const list = absences.filter((a) => a.staffId === staffId)
  return (
    <div className="stack">
      {list.length > 0 && (
        <ul className="plain-list stack">
          {list.map((a) => (
            <li key={a.id} className="row-flex">
              <span>{spanWords(a, i18n.language)}</span>
              {a.now && <span className="tag">{t('absence.now')}</span>}
              {a.standInId && (
                <span className="quiet small">{t('absence.stands-in', { name: nameOf(a.standInId) })}</span>
              )}
              <button
                type="button"
                className="plain link"
                aria-label={t('absence.remove-one', { days: spanWords(a, i18n.language) })}
                onClick={() => drop(a)}
              >
                {t('absence.remove')}
              </button>
            </li>
          ))}
        </ul>
      )}
      {removed && (
        <p role="status" className="row-flex quiet small">
          {t('absence.removed', { days: spanWords(removed, i18n.language) })}
          <Button size="compact-xs" variant="default" onClick={() => restore(removed)}>
            {t('bulk.undo')}
          </Button>
        </p>
      )}
      <form
        className="away-form"
        onSubmit={(e) => {
          e.preventDefault()
          setRemoved(null)
          add({ from: form.from, until: form.until || form.from, standInId: form.standInId || null })
        }}
      >
        <TextInput
          type="date"
          label={t('absence.from')}
          required
          value={form.from}
          onChange={(e) => setForm({ ...form, from: e.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('absence.to')}
          min={form.from}
          value={form.until}
          onChange={(e) => setForm({ ...form, until: e.currentTarget.value })}
        />
        <NativeSelect
          label={t('absence.stand-in')}
          value={form.standInId}
          onChange={(e) => setForm({ ...form, standInId: e.currentTarget.value })}
          data={[
            { value: '', label: t('absence.nobody') },
            ...people.filter((p) => p.id !== staffId).map((p) => ({ value: p.id, label: p.name })),
          ]}
        />
        <Button type="submit" variant="default" loading={addMine.isPending || addTheirs.isPending}>
          {t('absence.add')}
        </Button>
      </form>
      <ProblemNote error={addMine.error ?? addTheirs.error ?? dropMine.error ?? dropTheirs.error} />
    </div>
  )
}

/** One's own dates, and for whom one stands in. */
export function MyAbsences() {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const absences = useQuery(read(listAbsences, {})).data?.absences ?? []
  const standing = absences.filter((a) => a.standInId === me.id)
  return (
    <section aria-label={t('absence.title')}>
      <h2>{t('absence.title')}</h2>
      <p className="quiet hint">{t('absence.hint')}</p>
      {standing.map((a) => (
        <p key={a.id} className="note-box">
          {t('absence.you-stand-in', { name: a.name, days: spanWords(a, i18n.language) })}
        </p>
      ))}
      <Absences staffId={me.id} zone={me.zone} />
    </section>
  )
}
