import { NativeSelect, TextInput } from '@mantine/core'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { canTell } from '../../channels/domain/index.ts'
import { useDrafts } from '../../web/ui/session.ts'
import type { ComplaintPage } from '../contract.ts'
import { useNow } from '../../web/ui/use-now.ts'
import { GoesTo } from './goes-to.tsx'
import { isToldByThem, isToldLate, ToldWhen } from './told-when.tsx'
import type { Names } from './use-names.ts'
import { useReach } from './use-reach.ts'

export type Addressee = 'complainant' | 'authority'

type Kept = { readonly to: Addressee | undefined; readonly setTo: (to: Addressee) => void }

/**
 * To whom a reply goes, as kept with its words, and how they are told. What we cannot send is told by somebody: the likely
 * channel stands there already.
 */
export function useTelling(page: ComplaintPage, on: boolean, addressed: Kept) {
  const { t } = useTranslation()
  const { ready, unreached, door, called, usual, sending, names } = useReach(page, on)
  const { id } = page.complaint
  const to: Addressee = page.complaint.authority ? (addressed.to ?? 'complainant') : 'complainant'
  const drafts = useDrafts(page.complaint.confidentiality !== 'normal')
  const kept = `${id}.reply.told`
  // Kept beside the words: sent again after a crash it is the same answer, told the same way.
  const [chosen, choose] = useState(() => drafts.read(kept))
  const setTold = (channel: string | null) => {
    choose(channel ?? '')
    drafts.keep(kept, channel ?? '')
  }
  const setTo = (whom: Addressee) => {
    addressed.setTo(whom)
    setTold(null)
  }
  // An authority is answered in writing unless somebody says otherwise.
  const told = chosen || (to === 'authority' ? 'letter' : unreached ? usual : '')
  const elsewhere = isToldByThem(told)
  const now = useNow()
  const keptAt = `${id}.reply.told-at`
  const [at, chooseAt] = useState(() => drafts.read(keptAt))
  const setAt = (instant: string) => {
    chooseAt(instant)
    drafts.keep(keptAt, instant)
  }
  const keptLate = `${id}.reply.told-late`
  const [late, chooseLate] = useState(() => drafts.read(keptLate))
  const setLate = (why: string) => {
    chooseLate(why)
    drafts.keep(keptLate, why)
  }
  const isLate = elsewhere && isToldLate(at, now)
  const missing = [
    ...(told === '' && (unreached || to === 'authority') ? [t('composer.told-missing')] : []),
    ...(isLate && late.trim() === '' ? [t('fields.toldLate')] : []),
  ]
  const keptNo = `${id}.reply.letter-no`
  const [letterNo, chooseLetterNo] = useState(() => drafts.read(keptNo))
  const setLetterNo = (no: string) => {
    chooseLetterNo(no)
    drafts.keep(keptNo, no)
  }
  const letter = to === 'authority' && letterNo.trim() !== '' ? { letterNo } : {}
  const when = elsewhere && at !== '' ? { toldAt: at, ...(isLate ? { toldLate: late } : {}) } : {}
  const body = { ...(to === 'authority' ? { to } : {}), ...(told ? { told } : {}), ...when, ...letter }
  const clear = () => {
    setTold(null)
    setAt('')
    setLate('')
    setLetterNo('')
  }
  return {
    to,
    setTo,
    told,
    setTold,
    letterNo,
    setLetterNo,
    elsewhere,
    at,
    setAt,
    isLate,
    late,
    setLate,
    clear,
    unreached,
    door,
    called: called && told === '',
    calls: called,
    sending,
    missing,
    body,
    ready,
    names,
  }
}

type Telling = ReturnType<typeof useTelling>

type FieldsProps = { page: ComplaintPage; telling: Telling }

/** Not drawn again with each character of the answer; what its functions hold is of the complaint, not of what is shown. */
export const TellingFields = memo(
  Fields,
  (a, b) => a.page === b.page && shownIn(b.telling).every(([name, value]) => a.telling[name] === value),
)

const shownIn = ({ missing: _missing, body: _body, ...shown }: Telling) =>
  (Object.entries(shown) as [keyof Telling, unknown][]).filter(([, value]) => typeof value !== 'function')

function Fields({ page, telling }: FieldsProps) {
  const { t } = useTranslation()
  const {
    to,
    setTo,
    told,
    setTold,
    elsewhere,
    at,
    setAt,
    isLate,
    late,
    setLate,
    unreached,
    door,
    called,
    calls,
    sending,
    names,
  } = telling
  const toThem = to === 'complainant'
  return (
    <>
      {page.complaint.authority && (
        <NativeSelect
          label={t('composer.to')}
          size="xs"
          value={to}
          onChange={(e) => setTo(e.currentTarget.value as Addressee)}
          data={(['complainant', 'authority'] as const).map((value) => ({
            value,
            label:
              value === 'authority'
                ? harmless(page.complaint.authority?.body ?? '') || t('composer.to-authority')
                : t('composer.to-complainant'),
          }))}
          mb={8}
        />
      )}
      {!toThem && <Letter page={page} telling={telling} />}
      {toThem && called && <p className="note-box">{t('composer.call-them')}</p>}
      {toThem && unreached && <p className="note-box warn">{t('composer.no-way')}</p>}
      <div className="told-when">
        <NativeSelect
          label={t(toThem ? 'composer.told' : 'composer.told-authority')}
          size="xs"
          value={told}
          onChange={(e) => setTold(e.currentTarget.value)}
          data={
            toThem
              ? toldOptions({ unreached, door, called: calls }, names, t, page.complaint.channel)
              : channelOptions(names, 'authority', page.complaint.channel)
          }
        />
        {elsewhere && (
          <>
            <ToldWhen label={t('fields.toldAt')} size="xs" page={page} value={at} onChange={setAt} />
            {isLate && (
              <TextInput
                label={t('fields.toldLate')}
                size="xs"
                withAsterisk
                value={late}
                onChange={(e) => setLate(e.currentTarget.value)}
              />
            )}
          </>
        )}
      </div>
      {toThem && sending && (unreached || !elsewhere) && (
        <GoesTo sending={sending} said={unreached && told !== 'portal'} />
      )}
      {toThem && told === 'letter' && <PostTo page={page} />}
    </>
  )
}

/** Where a letter reaches them. */
function PostTo({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const at = page.customer?.identities.filter((i) => i.kind === 'address') ?? []
  if (at.length === 0) return null
  return (
    <p className="note-box post-to">
      {t('composer.post-to')} <bdi className="lines">{harmless(at.map((i) => i.value).join('\n\n'))}</bdi>
    </p>
  )
}

/** Whose letter is answered, and the number of ours. */
function Letter({ page, telling }: { page: ComplaintPage; telling: Telling }) {
  const { t } = useTranslation()
  const { number = '' } = page.complaint.authority ?? {}
  return (
    <div className="told-when">
      <TextInput
        label={t('fields.letterNo')}
        description={number ? t('composer.their-number', { number: harmless(number) }) : undefined}
        size="xs"
        value={telling.letterNo}
        onChange={(e) => telling.setLetterNo(e.currentTarget.value)}
      />
    </div>
  )
}

/** How a complainant is told: we send it or, where that reaches nobody, it is put where they look; else somebody says it. */
export function toldOptions(
  { unreached, door, called }: { readonly unreached: boolean; readonly door: boolean; readonly called: boolean },
  names: Names,
  t: (key: string) => string,
  came: string,
) {
  const looking = door ? [{ value: 'portal', label: t('composer.told-portal') }] : []
  const byUs = unreached ? looking : [{ value: '', label: t(called ? 'composer.told-by-call' : 'composer.told-by-us') }]
  return [...byUs, ...channelOptions(names, 'complainant', came)]
}

/** The ways in which somebody can really have been told. */
export function channelOptions(names: Names, to: 'complainant' | 'authority', came: string) {
  const all = (names.catalogue?.channels ?? []).filter((c) => canTell(c.kind, to, came))
  return all.map(({ kind }) => ({ value: kind, label: names.channel(kind) }))
}
