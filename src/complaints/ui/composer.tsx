import { Button, Checkbox, NativeSelect } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keepDraft, readDraft } from '../../web/ui/drafts.ts'
import { FileDrop, type FilesState, useFiles } from '../../web/ui/file-drop.tsx'
import { isComposing, isTyping, shortcutsOn } from '../../web/ui/keys.ts'
import type { ComplaintPage } from '../contract.ts'
import { FindingsFields, type Findings, missingFindings } from './findings-fields.tsx'
import { codeOptions } from './options.ts'
import { CommandProblem } from './stale-note.tsx'
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
  const [text, setText] = useState(() => readDraft(draft))
  const files = useFiles()
  const command = useCommand(mode, page)
  const decision = useDecision(page)
  const channel = useState(page.complaint.channel)
  useEffect(() => keepDraft(draft, text), [draft, text])

  const missing = mode === 'reply' && decision.on ? decision.missing : []
  const send = async () => {
    if (text.trim() === '' || command.pending || files.busy || missing.length > 0) return
    const extra = mode === 'reply' ? decision.body : mode === 'append' ? { channel: channel[0] } : {}
    const sent = await command.send({ text, attachmentIds: files.ids, ...extra })
    if (!sent) return
    keepDraft(draft, '')
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
      {mode === 'append' && <ChannelField channel={channel} />}
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
      {mode === 'reply' && <Decision page={page} decision={decision} />}
      <CommandProblem command={command} page={page} />
      <Foot mode={mode} missing={missing} command={command} files={files} send={send} empty={text.trim() === ''} />
    </div>
  )
}

type FootProps = {
  mode: ComposerMode
  missing: readonly string[]
  command: Command
  files: FilesState
  send: () => Promise<void>
  empty: boolean
}

function Foot({ mode, missing, command, files, send, empty }: FootProps) {
  const { t } = useTranslation()
  return (
    <div className="foot">
      <span className="miss" aria-live="polite">
        {missing.length > 0 && t('composer.missing', { what: missing.join(t('common.comma')) })}
      </span>
      <span className="quiet small">
        {t(mode === 'note' ? 'composer.never-outside' : mode === 'reply' ? 'composer.goes-out' : 'composer.as-said')}
      </span>
      <span className="grow" />
      <Button
        variant={mode === 'reply' ? 'filled' : 'default'}
        className={mode === 'note' ? 'note-send' : undefined}
        loading={command.pending}
        disabled={empty || files.busy || missing.length > 0}
        onClick={() => void send()}
      >
        {t(`composer.${mode}-send`)} <kbd aria-hidden="true">⌘↵</kbd>
      </Button>
    </div>
  )
}

function ChannelField({ channel: [value, set] }: { channel: [string, (v: string) => void] }) {
  const { t } = useTranslation()
  const names = useNames()
  const kinds = [...new Set([value, ...(names.catalogue?.channels ?? []).map((c) => c.kind)])]
  return (
    <NativeSelect
      label={t('composer.channel')}
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
