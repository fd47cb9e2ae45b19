import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../kit/client/problem-error.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMe } from '../../web/ui/session.ts'
import { read, useSend } from '../../web/ui/use-call.ts'
import { addSetting, changeSetting, listCalendars, type SettingItem, type SettingList, treeLists } from '../contract.ts'
import { possibleParents } from './tree.ts'

type Props = {
  readonly list: SettingList
  readonly item: SettingItem | undefined
  readonly items: readonly SettingItem[]
  /** What it is now, and as it was; nothing for a new one. */
  readonly saved: (now: SettingItem, before: SettingItem | undefined) => unknown
  readonly children?: React.ReactNode
}

/** A new or known value of a list: its code, its three names, where it lies, and of a place by which days it counts. */
export function SettingForm({ list, item, items, saved, children }: Props) {
  const { t } = useTranslation()
  const { organisation } = useMe()
  const [form, setForm] = useState(() => ({
    code: item?.code ?? '',
    labels: item?.labels ?? { zhHant: '', zhHans: '', en: '' },
    parent: item?.parent ?? null,
    place: item?.place ?? { jurisdiction: 'TW', zone: organisation.zone, calendarKey: 'tw-office' },
  }))
  const set = (part: Partial<typeof form>) => setForm((f) => ({ ...f, ...part }))
  const add = useSend(addSetting, (made) => saved(made, undefined))
  const change = useSend(changeSetting, (now) => saved(now, item))
  const submit = (e: React.FormEvent) => {
    e.preventDefault()
    const { code, labels, parent } = form
    const place = list === 'places' ? { place: form.place } : {}
    const under = treeLists.includes(list) ? { parent } : {}
    if (item) change.mutate({ body: { list, key: item.key, version: item.version, labels, ...under, ...place } })
    else add.mutate({ body: { list, code, labels, ...under, ...place } })
  }
  const error = add.error ?? change.error
  const taken = error && problemOf(error).code === 'catalogue.code-taken'
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        label={t('settings.code')}
        description={item ? undefined : t('settings.code-hint')}
        required
        readOnly={item !== undefined}
        variant={item ? 'unstyled' : 'default'}
        data-autofocus={item ? undefined : true}
        maxLength={40}
        value={form.code}
        error={taken ? t('problem.catalogue-code-taken', { code: form.code }) : undefined}
        onChange={(e) => set({ code: e.currentTarget.value })}
      />
      {(['zhHant', 'zhHans', 'en'] as const).map((language) => (
        <TextInput
          key={language}
          label={t(`teams.${language}`)}
          lang={{ zhHant: 'zh-Hant', zhHans: 'zh-Hans', en: 'en' }[language]}
          required
          data-autofocus={item && language === 'zhHant' ? true : undefined}
          maxLength={120}
          value={form.labels[language]}
          onChange={(e) => set({ labels: { ...form.labels, [language]: e.currentTarget.value } })}
        />
      ))}
      {treeLists.includes(list) && (
        <NativeSelect
          label={t('settings.parent')}
          value={form.parent ?? ''}
          onChange={(e) => set({ parent: e.currentTarget.value || null })}
          data={[
            { value: '', label: t('settings.no-parent') },
            ...possibleParents(items, item?.key).map(({ item: other, depth }) => ({
              value: other.key,
              label: `${'\u2003'.repeat(depth)}${labelOf(other.labels, other.code)}`,
            })),
          ]}
        />
      )}
      {list === 'places' && <PlaceFields place={form.place} set={(place) => set({ place })} />}
      {!taken && <ProblemNote error={error} />}
      <div className="row-flex">
        <Button type="submit" loading={add.isPending || change.isPending}>
          {t(item ? 'common.save' : 'settings.add')}
        </Button>
        {children}
      </div>
    </form>
  )
}

type Place = NonNullable<SettingItem['place']>

function PlaceFields({ place, set }: { place: Place; set: (place: Place) => void }) {
  const { t } = useTranslation()
  const calendars = useQuery(read(listCalendars, {})).data?.items ?? []
  const field = (name: 'zone' | 'jurisdiction') => (
    <TextInput
      label={t(`settings.${name}`)}
      required
      value={place[name]}
      onChange={(e) => set({ ...place, [name]: e.currentTarget.value })}
    />
  )
  return (
    <>
      <NativeSelect
        label={t('settings.calendar')}
        value={place.calendarKey}
        onChange={(e) => set({ ...place, calendarKey: e.currentTarget.value })}
        data={calendars.map(({ key }) => ({ value: key, label: t(`calendars.${key}`, { defaultValue: key }) }))}
      />
      <div className="two">
        {field('zone')}
        {field('jurisdiction')}
      </div>
    </>
  )
}
