import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createComplaint } from '../../complaints/contract.ts'
import { fromAuthority } from '../../channels/domain/index.ts'
import {
  codeOptions,
  type Option,
  placeOptions,
  productOptions,
  staffOptions,
  teamOptions,
  useNames,
} from '../../complaints/ui/index.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { CheckList } from '../../web/ui/check-list.tsx'
import { draftsOf } from '../../web/ui/drafts.ts'
import { FileDrop, useFiles } from '../../web/ui/file-drop.tsx'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useDrafts, useMe } from '../../web/ui/session.ts'
import { localOf } from '../../web/ui/time.ts'
import { useNow } from '../../web/ui/use-now.ts'
import { useSend } from '../../web/ui/use-call.ts'
import { AuthorityFields } from './authority-fields.tsx'
import { ComplainantFields } from './complainant-fields.tsx'
import { bodyOf, emptyForm, type Form, formOf, isSecret, missingOf } from './new-complaint-form.ts'
import { Recorded } from './recorded.tsx'

type Created = ReplyOf<typeof createComplaint>
const DRAFT = 'new'

/** One form for any channel: the words first, everything else when known. */
export function NewComplaintPage() {
  const { t } = useTranslation()
  const [recorded, setRecorded] = useState<{ created: Created; channel: string } | null>(null)
  return (
    <Page title={t('new.title')}>
      {recorded ? (
        <Recorded {...recorded} again={() => setRecorded(null)} />
      ) : (
        <Entry done={(created, channel) => setRecorded({ created, channel })} />
      )}
    </Page>
  )
}

function Entry({ done }: { done: (created: Created, channel: string) => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const { zone } = me
  const files = useFiles()
  const [form, setForm] = useState<Form>(() => formOf(draftsOf(me, false).read(DRAFT)))
  const drafts = useDrafts(isSecret(form))
  useEffect(() => drafts.keep(DRAFT, form === emptyForm ? '' : JSON.stringify(form)), [drafts, form])
  const set = (part: Partial<Form>) => setForm((f) => ({ ...f, ...part }))
  const recorded = (created: Created) => {
    drafts.keep(DRAFT, '')
    done(created, form.channel)
  }
  const send = useSend(createComplaint, recorded, { drafts, name: DRAFT })
  const missing = missingOf(form)
  const submit = (e: React.FormEvent) => {
    e.preventDefault()
    if (missing.length === 0 && !files.busy && !send.isPending) send.mutate({ body: bodyOf(form, files.ids, zone) })
  }
  return (
    <form className="stack" onSubmit={submit}>
      {form.channel === 'phone' && (
        <Link to="/call" className="link">
          {t('new.by-telephone')}
        </Link>
      )}
      <Channel form={form} set={set} />
      {fromAuthority(form.channel) && <AuthorityFields form={form} set={set} />}
      <Textarea
        label={t('new.text')}
        description={t('new.text-hint')}
        withAsterisk
        autoFocus
        rows={7}
        value={form.text}
        onChange={(e) => set({ text: e.currentTarget.value })}
      />
      <Hurt form={form} set={set} />
      <FileDrop files={files} />
      <ComplainantFields form={form} set={set} />
      <Received form={form} set={set} zone={zone} />
      <Matter form={form} set={set} />
      <ProblemNote error={send.error} />
      <div className="row-flex">
        {missing.length > 0 && (
          <span className="soon">
            {t('composer.missing', { what: missing.map((m) => t(`new.${m}`)).join(t('common.comma')) })}
          </span>
        )}
        <span className="grow" />
        <Button type="submit" loading={send.isPending} disabled={missing.length > 0 || files.busy}>
          {t('new.record')}
        </Button>
      </div>
    </form>
  )
}

type Part = { form: Form; set: (part: Partial<Form>) => void }

/** Shown until the catalogue of the organisation has come. */
const usual = ['phone', 'email', 'store_visit', 'letter', 'regulator_referral']

function Channel({ form, set }: Part) {
  const { t } = useTranslation()
  const names = useNames()
  const known = names.catalogue?.channels.map((c) => c.kind) ?? []
  const kinds = [...new Set([...known, ...usual])]
  return (
    <NativeSelect
      label={t('new.channel')}
      withAsterisk
      value={form.channel}
      onChange={(e) => set({ channel: e.currentTarget.value })}
      data={kinds.map((kind) => ({ value: kind, label: names.channel(kind) }))}
    />
  )
}

/** One question that cannot be left to a menu: whoever is hurt or in danger comes first. */
function Hurt({ form, set }: Part) {
  const { t } = useTranslation()
  const yes = form.flags.includes('safety')
  const answer = (hurt: boolean) => {
    const others = form.flags.filter((flag) => flag !== 'safety')
    set({ flags: hurt ? [...others, 'safety'] : others })
  }
  return (
    <fieldset className="group">
      <legend>{t('new.hurt')}</legend>
      <Checkbox
        label={t('new.hurt-yes')}
        description={t('new.hurt-hint')}
        checked={yes}
        onChange={(e) => answer(e.currentTarget.checked)}
      />
    </fieldset>
  )
}

/** The clock starts when anyone received it: another time than now needs a reason. */
function Received({ form, set, zone }: Part & { zone: string }) {
  const { t } = useTranslation()
  const now = useNow()
  return (
    <fieldset className="group">
      <legend>{t('new.received')}</legend>
      <Checkbox
        label={t('new.earlier')}
        checked={form.earlier}
        onChange={(e) => set({ earlier: e.currentTarget.checked, receivedAt: form.receivedAt || localOf(now, zone) })}
      />
      {form.earlier && (
        <div className="two">
          <TextInput
            type="datetime-local"
            label={t('new.receivedAt')}
            description={zone}
            withAsterisk
            max={localOf(now, zone)}
            value={form.receivedAt}
            onChange={(e) => set({ receivedAt: e.currentTarget.value })}
          />
          <TextInput
            label={t('new.backdatingReason')}
            description={t('new.backdatingReason-hint')}
            withAsterisk
            value={form.backdatingReason}
            onChange={(e) => set({ backdatingReason: e.currentTarget.value })}
          />
        </div>
      )}
    </fieldset>
  )
}

function Matter({ form, set }: Part) {
  const { t } = useTranslation()
  const names = useNames()
  const menu = (name: 'typeCode' | 'productId' | 'placeId' | 'teamId' | 'subjectId', data: Option[]) => (
    <NativeSelect
      label={t([`new.${name}`, `fields.${name}`])}
      value={form[name]}
      onChange={(e) => set({ [name]: e.currentTarget.value })}
      data={[{ value: '', label: t('new.unknown') }, ...data]}
    />
  )
  return (
    <details>
      <summary>{t('new.matter')}</summary>
      <div className="stack">
        <div className="two">
          <TextInput
            label={t('new.subject')}
            value={form.title}
            onChange={(e) => set({ title: e.currentTarget.value })}
          />
          <TextInput
            label={t('new.remedySought')}
            value={form.remedySought}
            onChange={(e) => set({ remedySought: e.currentTarget.value })}
          />
          {menu('typeCode', codeOptions(names, 'issue'))}
          {menu('productId', productOptions(names))}
          {menu('placeId', placeOptions(names))}
          {menu('teamId', teamOptions(names))}
          <TextInput
            label={t('fields.orderNo')}
            value={form.orderNo}
            onChange={(e) => set({ orderNo: e.currentTarget.value })}
          />
          {menu('subjectId', staffOptions(names))}
          <NativeSelect
            label={t('fields.impact')}
            value={form.impact}
            onChange={(e) => set({ impact: e.currentTarget.value })}
            data={[
              { value: '', label: t('new.unknown') },
              ...[1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: t(`scores.impact-${n}`) })),
            ]}
          />
        </div>
        <Textarea
          label={t('new.points')}
          description={t('new.points-hint')}
          rows={3}
          value={form.points}
          onChange={(e) => set({ points: e.currentTarget.value })}
        />
        <NativeSelect
          label={t('fields.confidentiality')}
          value={form.confidentiality}
          onChange={(e) => set({ confidentiality: e.currentTarget.value as Form['confidentiality'] })}
          data={(['normal', 'restricted', 'secret'] as const).map((value) => ({
            value,
            label: t(`confidentiality.${value}`),
          }))}
        />
        <CheckList
          label={t('fields.flags')}
          options={codeOptions(names, 'risk_flag').filter((o) => o.value !== 'safety')}
          value={form.flags}
          onChange={(flags) => set({ flags })}
        />
      </div>
    </details>
  )
}
