import { Button, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { call, createComplaint } from '../../../complaints/contract.ts'
import { PromiseFields, useWhen } from '../../../complaints/ui/index.ts'
import { type Draft, getDraft } from '../../../drafts/contract.ts'
import { DraftLine, useServerDraft } from '../../../drafts/ui/index.ts'
import { isComposing } from '../../../web/ui/keys.ts'
import { ProblemNote } from '../../../web/ui/problem-note.tsx'
import { useDrafts } from '../../../web/ui/session.ts'
import { Loading } from '../../../web/ui/states.tsx'
import { read, useSend } from '../../../web/ui/use-call.ts'
import { AlikeList, useKnown } from './alike-list.tsx'
import { type CallForm, type Caller, callFormOf, emptyCall, moreOf, newComplaintOf } from './call-form.ts'
import { CallerField } from './caller-field.tsx'
import type { Noted } from './done.tsx'
import { AboutFields } from './about-fields.tsx'
import { useShortcut } from './keys.ts'
import { RecordingField } from './recording-field.tsx'
import { Timers } from './timers.tsx'

type Props = { readonly caller: Caller; readonly done: (noted: Noted) => void }

/** Kept under the number that calls, so that two calls never write into one another. */
const keyOf = ({ from }: Caller) => `call.${(from ?? '').replaceAll(/\D/g, '').slice(-15) || 'now'}`

/** What was begun before is asked for first: the link must not write over it. */
export function CallEntry(props: Props) {
  const begun = useQuery({ ...read(getDraft, { params: { key: keyOf(props.caller) } }), gcTime: 0, retry: false })
  if (begun.isPending) return <Loading />
  return <Entry {...props} begun={begun.data?.draft ?? null} />
}

function Entry({ caller, done, begun }: Props & { readonly begun: Draft | null }) {
  const { t } = useTranslation()
  const draft = useServerDraft<CallForm>(keyOf(caller), emptyCall, { from: begun })
  const form = callFormOf(draft.value)
  const latest = useRef(form)
  latest.current = form
  const set = (part: Partial<CallForm>) => {
    latest.current = { ...latest.current, ...part, startedAt: latest.current.startedAt || Date.now() }
    draft.set(latest.current)
  }
  useFromLink(caller, form, set)
  const words = useRef<HTMLTextAreaElement>(null)
  // A known caller is there already: on to what they say.
  const isKnown = form.customer !== null
  useEffect(() => {
    if (isKnown) words.current?.focus()
  }, [isKnown])
  const known = useKnown(form)
  const when = useWhen(form.promise)
  const { record, error, pending } = useRecording({ form, when, done, clear: draft.clear })
  const missing = missingOf(form, when)
  const submit = () => {
    if (missing.length === 0 && !pending) record()
  }
  useShortcut('KeyA', () => set({ abusive: !form.abusive }))
  useShortcut('KeyW', () => set({ endedAt: form.endedAt || Date.now() }))
  useShortcut('KeyP', () => set({ promise: form.promise ?? { kind: 'promise', when: '', text: '' } }))
  useShortcut('KeyB', () => set({ promise: form.promise ?? { kind: 'callback', when: '', text: '' } }))
  useShortcut(
    (code) => /^Digit[1-6]$/.test(code),
    (code) => {
      const k = known[Number(code.slice(-1)) - 1]
      if (k) set({ onto: form.onto?.id === k.id ? null : { id: k.id, number: k.number } })
    },
  )
  const onKeyDown = (e: React.KeyboardEvent) => {
    if (e.key !== 'Enter' || isComposing(e.nativeEvent)) return
    if (e.ctrlKey || e.metaKey) {
      e.preventDefault()
      submit()
    } else if (e.target instanceof HTMLInputElement) e.preventDefault()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- one key for the whole form
    <form
      className="call-form"
      onKeyDown={onKeyDown}
      onSubmit={(e) => {
        e.preventDefault()
        submit()
      }}
    >
      <div className="stack">
        <Timers startedAt={form.startedAt} endedAt={form.endedAt} />
        <CallerField form={form} set={set} caller={caller} next={() => setTimeout(() => words.current?.focus())} />
        <Textarea
          ref={words}
          label={t('call.words')}
          description={t('call.words-hint')}
          withAsterisk
          autosize
          minRows={5}
          maxRows={14}
          className={form.abusive ? 'abusive' : ''}
          value={form.text}
          onChange={(e) => set({ text: e.currentTarget.value })}
        />
        {form.abusive && <Conduct />}
        {!form.onto && <AboutFields form={form} set={set} />}
        {!form.onto && (
          <TextInput
            label={t('fields.orderNo')}
            autoComplete="off"
            value={form.orderNo}
            onChange={(e) => set({ orderNo: e.currentTarget.value })}
          />
        )}
        {form.promise && (
          <PromiseFields
            value={form.promise}
            onChange={(promise) => set({ promise })}
            drop={() => set({ promise: null })}
          />
        )}
        <RecordingField form={form} set={set} />
        <ProblemNote error={error} />
        {error !== null && <p className="soon">{t('call.kept')}</p>}
        <div className="row-flex">
          <DraftLine draft={draft} textOf={(f) => f.text} />
          <span className="grow" />
          {missing.length > 0 && (
            <span className="soon small">
              {t('composer.missing', { what: missing.map((m) => t(`call.${m}`)).join(t('common.comma')) })}
            </span>
          )}
          <Button type="submit" loading={pending} disabled={missing.length > 0}>
            {form.onto ? t('call.record-onto', { number: form.onto.number }) : t('new.record')}
          </Button>
        </div>
      </div>
      <aside className="stack call-side">
        <h2>{t('call.known')}</h2>
        <AlikeList known={known} form={form} set={set} />
        <Legend abusive={form.abusive} />
      </aside>
    </form>
  )
}

function missingOf(form: CallForm, when: { at: number } | null): string[] {
  const missing: string[] = []
  if (form.text.trim() === '') missing.push('words')
  if (form.promise && !when) missing.push('promise-date')
  return missing
}

/** The caller a telephone system names, once; what was begun before and not recorded is not overwritten. */
function useFromLink({ from, name }: Caller, form: CallForm, set: (part: Partial<CallForm>) => void): void {
  useEffect(() => {
    if (form.number !== '' || form.text !== '' || (!from && !name)) return
    set({ number: from ?? '', name: name ?? '' })
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when the page opens
  }, [])
}

type Recording = {
  readonly form: CallForm
  readonly when: { readonly at: number } | null
  readonly done: (noted: Noted) => void
  readonly clear: () => void
}

/** A new complaint, or one more word on a known one; what was sent again is the same effect. */
function useRecording({ form, when, done, clear }: Recording) {
  const { i18n } = useTranslation()
  const drafts = useDrafts(false)
  const finish = (r: { id: string; number: string; publicRef?: string; secret?: string; due?: number }) => {
    const promised = form.promise && when ? { kind: form.promise.kind, at: when.at } : null
    clear()
    done({
      id: r.id,
      number: r.number,
      publicRef: r.publicRef ?? '',
      secret: r.secret ?? '',
      name: form.customer?.name ?? form.name,
      locale: form.customer?.locale ?? (i18n.language as Noted['locale']),
      about: form.text.trim().slice(0, 120),
      promised: promised ?? (r.due ? { kind: 'by', at: r.due } : null),
      startedAt: form.startedAt,
      endedAt: form.endedAt,
    })
  }
  const create = useSend(createComplaint, (made) => finish({ ...made, ...dueOf(made.clocks) }), {
    drafts,
    name: 'call.create',
  })
  const more = useSend(call, (made) => finish(made), { drafts, name: 'call.more' })
  // Fixed at the first try: trying again is the same call, not one a second longer.
  const at = useRef(0)
  const key = JSON.stringify(form)
  const tried = useRef('')
  const record = () => {
    if (tried.current !== key) at.current = Date.now()
    tried.current = key
    if (form.onto) more.mutate({ params: { id: form.onto.id }, body: moreOf(form, when, at.current) })
    else create.mutate({ body: newComplaintOf(form, when, at.current) })
  }
  return { record, error: create.error ?? more.error, pending: create.isPending || more.isPending }
}

/** By when they hear from us: the nearest date that is promised to anybody who complains. */
function dueOf(clocks: readonly { kind: string; state: string; dueAt: string | null }[]): { due?: number } {
  const dues = clocks.flatMap((c) =>
    c.state === 'running' && c.dueAt && ['first_reply', 'next_update'].includes(c.kind) ? [Date.parse(c.dueAt)] : [],
  )
  return dues.length > 0 ? { due: Math.min(...dues) } : {}
}

/** Conduct on the telephone (domain.md §7): what helps, the one warning, and what stays their right. */
function Conduct() {
  const { t } = useTranslation()
  return (
    <div className="note-box warn" role="note">
      <b>{t('conduct.title')}</b>
      <ol>
        {['calm', 'facts', 'warn', 'end', 'help'].map((k) => (
          <li key={k}>{t(`conduct.${k}`)}</li>
        ))}
      </ol>
    </div>
  )
}

function Legend({ abusive }: { abusive: boolean }) {
  const { t } = useTranslation()
  const keys = [
    ['Ctrl Enter', t('new.record')],
    ['Alt P', t('promise.promise')],
    ['Alt B', t('promise.callback')],
    ['Alt W', t('call.hung-up')],
    ['Alt A', t(abusive ? 'call.not-abusive' : 'call.abusive')],
  ] as const
  return (
    <dl className="legend">
      {keys.map(([key, what]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  )
}
