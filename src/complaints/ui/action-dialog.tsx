import { Button, Modal } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComplaintPage } from '../contract.ts'
import { FileDrop, useFiles } from '../../web/ui/file-drop.tsx'
import { toast } from '../../web/ui/toast.tsx'
import { actionFields, type Field } from './action-fields.ts'
import { ChangedMeanwhile, useMeanwhile } from './changed-meanwhile.tsx'
import { FieldInput } from './field-input.tsx'
import { type Findings, missingFindings, missingReasons } from './findings-fields.tsx'
import { ProposalView } from './proposal-view.tsx'
import { SeverityPreview } from './severity-preview.tsx'
import { useActionForm, type Values } from './use-action-form.ts'
import { type CommandName, useCommand } from './use-command.ts'
import { useReach } from './use-reach.ts'

type Props = { name: CommandName; page: ComplaintPage; close: () => void; given?: Values }

/** The form of one action: its fields, what is still missing, and what the server says. */
export function ActionDialog({ name, page, close, given }: Props) {
  const { t } = useTranslation()
  const all = actionFields[name] ?? []
  const form = useActionForm(name, page, given)
  const reach = useReach(page, has(all, 'told'))
  const files = useFiles()
  const values: Values = {
    ...(reach.unreached ? { told: reach.usual } : {}),
    ...(files.ids.length > 0 ? { attachmentIds: files.ids } : {}),
    ...form.values,
  }
  const fields = all.filter((f) => f.only?.(values) ?? true)
  const command = useCommand(name, page)
  const since = useMeanwhile(page, command)
  const missing = missingNames(fields, values)
  const reasons = has(all, 'findings') ? missingReasons(page.points, (values.findings ?? {}) as Findings) : []
  const lacking = [
    ...missing.map((m) => t([`fields.${name}.${m}`, `fields.${m}`])),
    ...reasons.map((no) => t('composer.missing-reason', { no })),
  ]
  const ready = lacking.length === 0 && reach.ready && !files.busy
  const submit = async (e: React.FormEvent) => {
    e.preventDefault()
    if (!ready || command.pending) return
    if (!(await command.send(bodyOf(fields, values, page)))) return
    toast(t('common.done', { what: t(`actions.${name}`) }))
    drop()
  }
  const drop = () => {
    form.drop()
    close()
  }
  const openPoints = name === 'close' ? missingFindings(page.points, {}) : []
  const inputs = fields.map((field, i) => (
    <Fragment key={field.name}>
      <FieldInput
        field={field.needed?.(values) ? { ...field, required: true } : field}
        action={name}
        page={page}
        focus={i === 0}
        value={values[field.name]}
        onChange={(value) => form.set(field.name, value)}
      />
      {field.name === 'flags' && <SeverityPreview values={values} page={page} />}
    </Fragment>
  ))
  return (
    <Modal
      opened
      onClose={close}
      title={t(`actions.${name}`)}
      size={name === 'approve' ? 'lg' : 'md'}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={(e) => void submit(e)} className="stack">
        {form.restored && (
          <p className="note-box">
            {t('stale.restored')}{' '}
            <button type="button" className="plain link small" onClick={form.drop}>
              {t('stale.afresh')}
            </button>
          </p>
        )}
        {t(`action-hints.${name}`, { defaultValue: '' }) && <p className="quiet">{t(`action-hints.${name}`)}</p>}
        {name === 'approve' && <ProposalView page={page} />}
        {openPoints.length > 0 && (
          <p className="note-box warn">{t('close.points-open', { points: openPoints.join(t('common.comma')) })}</p>
        )}
        {has(all, 'files') ? (
          <FileDrop files={files}>
            <div className="stack">{inputs}</div>
          </FileDrop>
        ) : (
          inputs
        )}
        <ChangedMeanwhile {...{ name, page, form, fields, command, since, drop }} />
        <div className="row-flex dialog-foot">
          {lacking.length > 0 && (
            <span className="soon small">
              {t('composer.missing', {
                what: lacking.join(t('common.comma')),
              })}
            </span>
          )}
          <span className="grow" />
          <Button variant="default" onClick={drop}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={command.pending} disabled={!ready}>
            {t(since.length > 0 ? 'stale.on-top' : `actions.${name}`)}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function has(fields: readonly Field[], kind: Field['kind']): boolean {
  return fields.some((f) => f.kind === kind)
}

function missingNames(fields: readonly Field[], values: Values): string[] {
  return fields.filter((f) => (f.required || f.needed?.(values)) && isEmpty(values[f.name])).map((f) => f.name)
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === ''
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === undefined || value === null
}

/** Fields that may be emptied on purpose are sent as null, others are left out when empty. */
const nullable = new Set(['ownerId', 'typeCode', 'productId', 'placeId', 'orderNo'])

function bodyOf(fields: readonly Field[], values: Values, page: ComplaintPage): Values {
  const body: Record<string, unknown> = {}
  for (const { name, kind } of fields) {
    const value = values[name]
    if (kind === 'findings') body[name] = findingsOf(value as Findings | undefined, page)
    else if (kind === 'staff-many' || kind === 'flags') body[name] = value ?? []
    else if (!isEmpty(value)) body[name] = value
    else if (
      nullable.has(name) &&
      (kind === 'owner' || page.complaint[name as 'typeCode'] !== undefined) &&
      kind !== 'code'
    )
      body[name] = null
  }
  return body
}

function findingsOf(given: Findings | undefined, page: ComplaintPage) {
  return page.points.flatMap((p) => {
    const f = given?.[p.id]
    return f?.finding ? [{ pointId: p.id, ...f }] : []
  })
}
