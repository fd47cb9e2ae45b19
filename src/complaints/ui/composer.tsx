import { Button, Checkbox, NativeSelect } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FileDrop, type FilesState, useFiles } from '../../web/ui/file-drop.tsx'
import { isComposing, isTyping, shortcutsOn } from '../../web/ui/keys.ts'
import { useDrafts } from '../../web/ui/session.ts'
import type { ComplaintPage } from '../contract.ts'
import { FindingsFields, type Findings, missingFindings } from './findings-fields.tsx'
import { codeOptions } from './options.ts'
import { CommandProblem } from './stale-note.tsx'
import { TellingFields, useTelling } from './telling.tsx'
import { whyWords } from './actions-menu.tsx'
import { type Command, useCommand } from './use-command.ts'
import { useNames } from './use-names.ts'

export const composerModes = ['reply', 'note', 'append'] as const
export type ComposerMode = (typeof composerModes)[number]

type Props = {
  page: ComplaintPage
  mode: ComposerMode | null
  setMode: (mode: ComposerMode | null) => void
}

/**
 * Where words are written. To the complainant and internal are never one control with a switch: place, colour, border,
 * label and button differ, and each keeps a draft of its own.
 */
export function Composer({ page, mode, setMode }: Props & { act: unknown }) {
  const { t } = useTranslation()
  const allowed = (m: ComposerMode) => page.actions.find((a) => a.name === m)
  useHidden(page)
  useComposerKeys((m) => allowed(m)?.allowed && setMode(m))
  const name = page.customer?.name || t('complaint.complainant')
  return (
    <section className={`composer ${mode ?? 'idle'}`} aria-label={t('composer.title')}>
      <div className="switch" role="group" aria-label={t('composer.kind')}>
        {composerModes.map((m) => (
          <button
            key={m}
            type="button"
            className={m}
            aria-pressed={mode === m}
            disabled={!allowed(m)?.allowed}
            title={whyWords(allowed(m) ?? { why: 'complaints.not-now' }, t) || undefined}
            onClick={() => setMode(mode === m ? null : m)}
          >
            {t(`composer.${m}`, { name })}
          </button>
        ))}
      </div>
      {mode && <Writer key={mode} page={page} mode={mode} done={() => setMode(null)} />}
    </section>
  )
}

function Writer({ page, mode, done }: { page: ComplaintPage; mode: ComposerMode; done: () => void }) {
  const { t } = useTranslation()
  const draft = `${page.complaint.id}.${mode}`
  const drafts = useDrafts(page.complaint.confidentiality !== 'normal')
  const [text, setText] = useState(() => drafts.read(draft))
  const files = useFiles()
  const command = useCommand(mode, page)
  const decision = useDecision(page)
  const channel = useState(page.complaint.channel)
  const telling = useTelling(page, mode === 'reply')
  useEffect(() => drafts.keep(draft, text), [drafts, draft, text])

  const deciding = decision.on && telling.to === 'complainant'
  const missing = mode === 'reply' ? [...telling.missing, ...(deciding ? decision.missing : [])] : []
  const extra = () => {
    if (mode === 'append') return { channel: channel[0] }
    return mode === 'reply' ? { ...(deciding ? decision.body : {}), ...telling.body } : {}
  }
  const send = async () => {
    if (text.trim() === '' || command.pending || files.busy || !telling.ready || missing.length > 0) return
    const sent = await command.send({ text, attachmentIds: files.ids, ...extra() })
    if (!sent) return
    drafts.keep(draft, '')
    telling.setTold(null)
    done()
  }
  const onKeyDown = (e: React.KeyboardEvent) => {
    if (isComposing(e.nativeEvent)) return
    if (e.key === 'Enter' && (e.metaKey || e.ctrlKey)) {
      e.preventDefault()
      void send()
    } else if (e.key === 'Escape') done()
  }
  return (
    <div className="writer">
      {mode === 'append' && <ChannelField label={t('composer.channel')} channel={channel} />}
      {mode === 'reply' && <TellingFields page={page} telling={telling} />}
      <FileDrop files={files}>
        <textarea
          aria-label={t(`composer.${mode}-text`)}
          placeholder={t(`composer.${mode}-hint`)}
          value={text}
          rows={4}
          ref={focusOnce}
          onChange={(e) => setText(e.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </FileDrop>
      {mode === 'reply' && telling.to === 'complainant' && <Decision page={page} decision={decision} />}
      <CommandProblem command={command} page={page} />
      <Foot
        mode={mode}
        told={mode === 'reply' && telling.told !== '' && telling.told !== 'portal'}
        missing={missing}
        command={command}
        files={files}
        send={send}
        empty={text.trim() === '' || !telling.ready}
      />
    </div>
  )
}

type FootProps = {
  mode: ComposerMode
  told: boolean
  missing: readonly string[]
  command: Command
  files: FilesState
  send: () => Promise<void>
  empty: boolean
}

function Foot({ mode, told, missing, command, files, send, empty }: FootProps) {
  const { t } = useTranslation()
  const goes = mode === 'note' ? 'never-outside' : mode === 'append' ? 'as-said' : told ? 'was-told' : 'goes-out'
  return (
    <div className="foot">
      <span className="miss" aria-live="polite">
        {missing.length > 0 && t('composer.missing', { what: missing.join(t('common.comma')) })}
      </span>
      <span className="quiet small">{t(`composer.${goes}`)}</span>
      <span className="grow" />
      <Button
        variant={mode === 'reply' ? 'filled' : 'default'}
        className={mode === 'note' ? 'note-send' : undefined}
        loading={command.pending}
        disabled={empty || files.busy || missing.length > 0}
        onClick={() => void send()}
      >
        {t(`composer.${told ? 'told' : mode}-send`)} <kbd aria-hidden="true">⌘↵</kbd>
      </Button>
    </div>
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

/** The part of a reply that makes it our answer: an outcome and a finding on every point. */
function useDecision(page: ComplaintPage) {
  const { t } = useTranslation()
  const [on, setOn] = useState(false)
  const [outcomeCode, setOutcome] = useState(page.complaint.outcomeCode ?? '')
  const [findings, setFindings] = useState<Findings>({})
  const open = missingFindings(page.points, findings)
  const missing = [
    ...(outcomeCode ? [] : [t('composer.missing-outcome')]),
    ...open.map((no) => t('composer.missing-point', { no })),
  ]
  const given = Object.entries(findings).filter(([, f]) => f.finding !== '')
  const body = on ? { decision: true, outcomeCode, findings: given.map(([pointId, f]) => ({ pointId, ...f })) } : {}
  return { on, setOn, outcomeCode, setOutcome, findings, setFindings, missing, body }
}

function Decision({ page, decision }: { page: ComplaintPage; decision: ReturnType<typeof useDecision> }) {
  const { t } = useTranslation()
  const names = useNames()
  if (!page.complaint.open || page.complaint.respondedAt) return null
  return (
    <div className="decision">
      <Checkbox
        label={t('composer.decides')}
        checked={decision.on}
        onChange={(e) => decision.setOn(e.currentTarget.checked)}
        size="xs"
      />
      {decision.on && (
        <div className="stack">
          <NativeSelect
            label={t('composer.outcome')}
            size="xs"
            value={decision.outcomeCode}
            onChange={(e) => decision.setOutcome(e.currentTarget.value)}
            data={[{ value: '', label: t('common.choose') }, ...codeOptions(names, 'outcome')]}
          />
          <FindingsFields points={page.points} value={decision.findings} onChange={decision.setFindings} />
        </div>
      )}
    </div>
  )
}

/** What was kept before the complaint was restricted leaves the disk. */
function useHidden(page: ComplaintPage): void {
  const { id, confidentiality } = page.complaint
  const secret = confidentiality !== 'normal'
  const drafts = useDrafts(secret)
  useEffect(() => {
    if (!secret) return
    for (const mode of composerModes) drafts.keep(`${id}.${mode}`, drafts.read(`${id}.${mode}`))
  }, [secret, drafts, id])
}

/** R: reply, N: note. */
function useComposerKeys(start: (mode: ComposerMode) => void): void {
  const latest = useRef(start)
  latest.current = start
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const mode = e.key === 'r' ? 'reply' : e.key === 'n' ? 'note' : undefined
      if (!mode || !shortcutsOn() || e.ctrlKey || e.metaKey || e.altKey || isComposing(e) || isTyping(e.target)) return
      e.preventDefault()
      latest.current(mode)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

function focusOnce(box: HTMLTextAreaElement | null): void {
  box?.focus()
}
