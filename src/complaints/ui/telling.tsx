import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { canTell } from '../../channels/domain/index.ts'
import { useDrafts } from '../../web/ui/session.ts'
import type { ComplaintPage } from '../contract.ts'
import type { Names } from './use-names.ts'
import { useReach } from './use-reach.ts'

type Addressee = 'complainant' | 'authority'

/**
 * To whom a reply goes and how they are told. What we cannot send is told by somebody: the likely channel stands there
 * already.
 */
export function useTelling(page: ComplaintPage, on: boolean) {
  const { t } = useTranslation()
  const { ready, unreached, door, usual, names } = useReach(page, on)
  const { id } = page.complaint
  const [to, address] = useState<Addressee>('complainant')
  const drafts = useDrafts(page.complaint.confidentiality !== 'normal')
  const kept = `${id}.reply.told`
  // Kept beside the words: sent again after a crash it is the same answer, told the same way.
  const [chosen, choose] = useState(() => drafts.read(kept))
  const setTold = (channel: string | null) => {
    choose(channel ?? '')
    drafts.keep(kept, channel ?? '')
  }
  const setTo = (whom: Addressee) => {
    address(whom)
    setTold(null)
  }
  // An authority is answered in writing unless somebody says otherwise.
  const told = chosen || (to === 'authority' ? 'letter' : unreached ? usual : '')
  const missing = told === '' && (unreached || to === 'authority') ? [t('composer.told-missing')] : []
  const body = { ...(to === 'authority' ? { to } : {}), ...(told ? { told } : {}) }
  return { to, setTo, told, setTold, unreached, door, missing, body, ready, names }
}

type Telling = ReturnType<typeof useTelling>

export function TellingFields({ page, telling }: { page: ComplaintPage; telling: Telling }) {
  const { t } = useTranslation()
  const { to, setTo, told, setTold, unreached, door, names } = telling
  const toThem = to === 'complainant'
  return (
    <>
      {page.complaint.authority && (
        <NativeSelect
          label={t('composer.to')}
          size="xs"
          value={to}
          onChange={(e) => setTo(e.currentTarget.value as Addressee)}
          data={(['complainant', 'authority'] as const).map((value) => ({ value, label: t(`composer.to-${value}`) }))}
          mb={8}
        />
      )}
      {toThem && unreached && <p className="note-box warn">{t('composer.no-way')}</p>}
      <NativeSelect
        label={t('composer.told')}
        size="xs"
        value={told}
        onChange={(e) => setTold(e.currentTarget.value)}
        data={
          toThem
            ? toldOptions({ unreached, door }, names, t, page.complaint.channel)
            : channelOptions(names, 'authority', page.complaint.channel)
        }
        mb={8}
      />
    </>
  )
}

/** How a complainant is told: we send it or, where that reaches nobody, it is put where they look; else somebody says it. */
export function toldOptions(
  { unreached, door }: { readonly unreached: boolean; readonly door: boolean },
  names: Names,
  t: (key: string) => string,
  came: string,
) {
  const looking = door ? [{ value: 'portal', label: t('composer.told-portal') }] : []
  const byUs = unreached ? looking : [{ value: '', label: t('composer.told-by-us') }]
  return [...byUs, ...channelOptions(names, 'complainant', came)]
}

/** The ways in which somebody can really have been told. */
function channelOptions(names: Names, to: 'complainant' | 'authority', came: string) {
  const all = (names.catalogue?.channels ?? []).filter((c) => canTell(c.kind, to, came))
  return all.map(({ kind }) => ({ value: kind, label: names.channel(kind) }))
}
