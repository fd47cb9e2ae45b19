import { NativeSelect } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DraftLine, useServerDraft } from '../../drafts/ui/index.ts'
import { FileDrop, useFiles } from '../../web/ui/file-drop.tsx'
import { useMay, useMe } from '../../web/ui/session.ts'
import type { ComplaintPage } from '../contract.ts'
import { MarkupBox, type Person } from './composer-box.tsx'
import { type Closing, ClosingFields } from './composer-closing.tsx'
import { Decision, type DecisionDraft, useDecision } from './composer-decision.tsx'
import { Foot, type Next } from './composer-foot.tsx'
import { SignaturePreview, useSignature } from './composer-signature.tsx'
import { stillNamed } from './composer-text.ts'
import { UnseenNote, useUnseen } from './composer-unseen.tsx'
import type { ComposerMode } from './composer.tsx'
import { CommandProblem } from './stale-note.tsx'
import { type Addressee, TellingFields, useTelling } from './telling.tsx'
import { useCommand } from './use-command.ts'
import { useNames } from './use-names.ts'

/** All that is written for one message: its words, whom they are for, and what an answer and a closing say besides. */
export type Words = {
  readonly text: string
  readonly mentions: readonly Person[]
  /** Left out: the complainant. */
  readonly to?: Addressee
  readonly decision?: DecisionDraft
  readonly closing?: Closing | undefined
}
const nothing: Words = { text: '', mentions: [] }

type Props = {
  page: ComplaintPage
  mode: ComposerMode
  done: () => void
  /** What was sent, for as long as it can be taken back. */
  left: (words: Words) => void
  /** What was taken back, to stand here again. */
  restored: Words | null
  taken: () => void
  onTyping: () => void
}

/** One draft being written: kept on the server as it is typed, sent once, never past something its writer has not seen. */
export function Writer({ page, mode, done, left, restored, taken, onTyping }: Props) {
  const { t } = useTranslation()
  const { id, confidentiality } = page.complaint
  const key = `complaint.${id}.${mode}`
  const from = page.drafts.find((d) => d.key === key) ?? null
  const draft = useServerDraft<Words>(key, nothing, { secret: confidentiality !== 'normal', from })
  const { text, mentions } = draft.value
  // What is drawn seldom holds a function of an earlier drawing: it changes what is there now, where it is kept now.
  const now = useRef(draft.value)
  now.current = draft.value
  const keeping = useRef(draft)
  keeping.current = draft
  const change = (part: Partial<Words>) => {
    const next = { ...now.current, ...part }
    const words = next.text === '' ? { ...next, mentions: nothing.mentions } : next
    now.current = isNothing(words) ? nothing : words
    keeping.current.set(now.current)
  }
  const write = (next: string, named = mentions) => change({ text: next, mentions: named })
  const files = useFiles()
  const command = useCommand(mode, page)
  const decision = useDecision(page, draft.value.decision, (next) => change({ decision: next }))
  const channel = useState(page.complaint.channel)
  const telling = useTelling(page, mode === 'reply', { to: draft.value.to, setTo: (to) => change({ to }) })
  const unseen = useUnseen(page)
  const leaves = mode === 'reply' && (telling.told === '' || telling.told === 'portal')
  const signature = useSignature(page, { text, wanted: leaves && telling.to === 'complainant' && text.trim() !== '' })
  const setClosing = (next: Closing | undefined) => change({ closing: next })
  useEffect(() => {
    if (!restored) return
    change({ ...restored, text: text === '' ? restored.text : `${restored.text}\n\n${text}` })
    taken()
  })

  const whom = mode === 'reply' && telling.to === 'authority' ? 'authority' : mode
  const toThem = mode === 'reply' && telling.to === 'complainant'
  const allowed = (name: string) => page.actions.some((a) => a.name === name && a.allowed)
  // What was kept may no longer be possible: somebody else answered, or closed.
  const deciding = decision.on && toThem && allowed('respond')
  const mayClose = useMay('complaint.close') && (allowed('close') || deciding)
  const closing = mayClose && toThem ? draft.value.closing : undefined
  const offers: Next[] = toThem
    ? [...(allowed('ask_info') && !deciding ? (['wait'] as const) : []), ...(mayClose ? (['close'] as const) : [])]
    : []
  const missing = mode === 'reply' ? [...telling.missing, ...(deciding ? decision.missing : [])] : []
  if (closing && (closing.reasonCode === '' || closing.summary.trim() === ''))
    missing.push(t('composer.missing-closing'))
  const body = (next: Next) => {
    if (mode === 'append') return { channel: channel[0] }
    if (mode === 'note') return { mentions: stillNamed(text, mentions).map((p) => p.id) }
    const after =
      next === 'wait' ? { next: { do: 'wait' } } : next === 'close' ? { next: { do: 'close', ...closing } } : {}
    return { ...(deciding ? decision.body : {}), ...telling.body, ...after }
  }
  const send = async (next: Next, anyway = false) => {
    if (next === 'close' && !closing) return setClosing({ reasonCode: '', summary: page.complaint.summary })
    if (text.trim() === '' || command.pending || files.busy || !telling.ready || missing.length > 0) return
    const version = mode !== 'reply' || anyway ? page.complaint.version : unseen.version
    if (version === undefined) return unseen.ask()
    draft.flush()
    const sent = await command.send({ text: signature.signed(text), attachmentIds: files.ids, ...body(next) }, version)
    if (!sent) return
    left(now.current)
    draft.clear()
    telling.clear()
    done()
  }
  const latest = useRef(send)
  latest.current = send
  const sendNext = useCallback((next: Next) => void latest.current(next), [])
  const sendNow = () => void send(closing ? 'close' : 'nothing')
  return (
    <div className="writer">
      {mode === 'append' && <ChannelField label={t('composer.channel')} channel={channel} />}
      {mode === 'reply' && <TellingFields page={page} telling={telling} />}
      <FileDrop files={files}>
        <MarkupBox
          label={t(`composer.${whom}-text`)}
          plain={mode === 'append'}
          hint={t(`composer.${whom}-hint`)}
          value={text}
          still={command.pending}
          onChange={(next) => {
            write(next)
            onTyping()
          }}
          onSend={sendNow}
          onEscape={done}
          onBlur={draft.flush}
          {...(mode === 'note'
            ? { onMention: (p: Person) => write(text, [...mentions.filter((m) => m.id !== p.id), p]) }
            : {})}
        />
      </FileDrop>
      <SignaturePreview signature={signature} insert={() => write(signature.signed(text))} />
      {toThem && <Decision page={page} decision={decision} />}
      {closing && <ClosingFields value={closing} onChange={setClosing} drop={() => setClosing(undefined)} />}
      {mode === 'note' && <Named page={page} people={stillNamed(text, mentions)} />}
      {text !== '' && mode !== 'note' && <TakeIt page={page} />}
      <div className="sending">
        {mode === 'reply' && (
          <UnseenNote
            unseen={unseen}
            asking={unseen.asking || command.stale}
            read={() => {
              unseen.read()
              command.clear()
            }}
            page={page}
            busy={command.pending}
            sendAnyway={() => void send(closing ? 'close' : 'nothing', true)}
          />
        )}
        {!(command.stale && unseen.events.length > 0) && <CommandProblem command={command} page={page} />}
        <Foot
          mode={mode}
          whom={whom}
          told={mode === 'reply' && telling.told !== '' && telling.told !== 'portal'}
          missing={missing}
          command={command}
          files={files}
          send={sendNext}
          offers={offers}
          closing={closing !== undefined}
          empty={text.trim() === '' || !telling.ready}
        >
          <DraftLine draft={draft} textOf={(words) => words.text} />
        </Foot>
      </div>
    </div>
  )
}

/** Whether nothing was written, and nothing chosen that would have to be chosen again. */
function isNothing({ text, to = 'complainant', decision, closing }: Words): boolean {
  const reasons = Object.values(decision?.findings ?? {}).some((f) => f.answer !== '')
  return text === '' && to === 'complainant' && !decision?.on && !reasons && !closing
}

/** Who is named, and that they can open it from then on. */
function Named({ page, people }: { page: ComplaintPage; people: readonly Person[] }) {
  const { t } = useTranslation()
  const inside = new Set([...page.helpers, ...page.access].map((p) => p.id))
  const fresh = people.filter((p) => !inside.has(p.id) && p.id !== page.complaint.owner?.id)
  if (fresh.length === 0) return null
  return (
    <p className="small quiet">
      {t('composer.mention-opens', { names: fresh.map((p) => p.name).join(t('common.comma')) })}
    </p>
  )
}

/** Whoever writes is usually the one who has it; offered, never done behind their back. */
function TakeIt({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const me = useMe()
  const handles = useMay('complaint.handle')
  const assign = useCommand('assign', page)
  const may = page.actions.some((a) => a.name === 'assign' && a.allowed)
  if (page.complaint.owner || !page.complaint.open || !handles || !may) return null
  return (
    <p className="take-it small">
      {t('composer.nobody-has-it')}{' '}
      <button
        type="button"
        className="plain link"
        disabled={assign.pending}
        onClick={() => void assign.send({ ownerId: me.id })}
      >
        {t('composer.take-it')}
      </button>
    </p>
  )
}

type ChannelFieldProps = {
  label: string
  channel: [string, (v: string) => void]
}

function ChannelField({ label, channel: [value, set] }: ChannelFieldProps) {
  const names = useNames()
  const kinds = [...new Set([...(value ? [value] : []), ...(names.catalogue?.channels ?? []).map((c) => c.kind)])]
  return (
    <NativeSelect
      label={label}
      size="xs"
      value={value}
      onChange={(e) => set(e.currentTarget.value)}
      data={kinds.map((kind) => ({ value: kind, label: names.channel(kind) }))}
      mb={8}
    />
  )
}
