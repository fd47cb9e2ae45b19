import { harmless } from '../../kit/pure/markup.ts'
import { wallTime } from '../domain/instant.ts'
import { chronology } from './chronology.ts'
import { clocksOf } from './clocks.ts'
import type { Block, CaseFile } from './document.ts'
import { forOutside } from './outside.ts'
import { proofOf } from './proof.ts'
import type { Read } from './read.ts'

/** The case file of a complaint: for outside, or whole. */
export function makeCaseFile(whole: Read): CaseFile {
  const read = whole.variant === 'outside' ? forOutside(whole) : whole
  const { page, words, organisation, zone, by, now, variant } = read
  const { t } = words
  return {
    locale: words.locale,
    title: t('case-file.title', { number: page.complaint.number }),
    organisation,
    subject: harmless(page.complaint.title) || page.complaint.number,
    made: [t(`case-file.${variant}`), t('case-file.made', { at: wallTime(now, zone), zone, name: by })],
    blocks: [
      ...headOf(read),
      ...pointsOf(read),
      ...remedyOf(read),
      ...clocksOf(read),
      ...chronology(read),
      ...filesOf(read),
      ...proofOf(read),
    ],
    pageOf: t('case-file.page', { page: '{page}', pages: '{pages}' }),
    lacking: t('case-file.lacking', { count: '{count}' as unknown as number }),
  }
}

type Rows = (readonly [string, string])[]

/** Those that say something. */
export const said = (rows: Rows): Rows => rows.filter(([, value]) => value !== '')

function headOf(read: Read): Block[] {
  const { page, names, words, zone } = read
  const { t } = words
  const c = page.complaint
  const list = (all: readonly { readonly name: string }[]) => all.map((p) => p.name).join(t('common.comma'))
  const at = (instant: string | null) => (instant === null ? '' : wallTime(Date.parse(instant), zone))
  const authority = c.authority
    ? [c.authority.body, c.authority.number, c.authority.sender].filter(Boolean).join(t('common.dot'))
    : ''
  const rows: Rows = [
    [t('export.columns.state'), names.state(c.state)],
    [t('complaint.complainant'), complainant(read)],
    [t('fields.onBehalfOf'), c.onBehalfOf],
    [t('export.columns.type'), names.code('issue', c.typeCode)],
    [t('export.columns.product'), names.product(c.productId)],
    [t('export.columns.place'), names.place(c.placeId)],
    [t('export.columns.order'), c.orderNo ?? ''],
    [t('export.columns.channel'), names.channel(c.channel)],
    [t('case-file.authority'), authority],
    [t('fields.remedySought'), c.remedySought],
    [t('export.columns.received'), at(c.receivedAt)],
    [t('fields.loggedAt'), at(c.loggedAt)],
    [t('export.columns.acknowledged'), at(c.acknowledgedAt)],
    [t('export.columns.first-reply'), at(c.firstReplyAt)],
    [t('export.columns.answered'), at(c.respondedAt)],
    [t('case-file.final'), at(c.finalAt)],
    [t('export.columns.closed'), at(c.closedAt)],
    [t('export.columns.outcome'), names.code('outcome', c.outcomeCode)],
    [t('export.columns.closing'), names.code('closure_reason', c.closureCode)],
    [t('fields.summary'), c.summary],
    [t('export.columns.severity'), c.severity ? names.severityOf(c) : ''],
    [t('export.columns.flags'), c.flags.map((f) => names.code('risk_flag', f)).join(t('common.comma'))],
    [t('fields.confidentiality'), c.confidentiality === 'normal' ? '' : t(`confidentiality.${c.confidentiality}`)],
    [t('export.columns.owner'), c.owner?.name ?? ''],
    [t('export.columns.team'), names.team(c.teamId)],
    [t('complaint.helpers'), list(page.helpers)],
    [t('complaint.subjects'), list(page.subjects)],
    [t('complaint.access'), list(page.access)],
    [t('context.links'), page.links.map((l) => `${l.number} (${t(`choices.${l.kind}`)})`).join(t('common.comma'))],
    [t('fields.publicRef'), c.publicRef],
  ]
  return [{ kind: 'facts', rows: harmlessRows(said(rows)) }]
}

function complainant({ page, words: { t }, variant }: Read): string {
  const { customer, complaint } = page
  if (!customer) return complaint.mode === 'named' ? '' : t(`mode.${complaint.mode}`)
  const mode = complaint.mode === 'named' ? '' : ` (${t(`mode.${complaint.mode}`)})`
  if (variant === 'outside') return customer.name + mode
  const known = customer.identities.map((i) => `${t(`identities.${i.kind}`, { defaultValue: i.kind })} ${i.value}`)
  return [customer.name + mode, ...known].join(t('common.dot'))
}

export const harmlessRows = (rows: Rows): Rows => rows.map(([name, value]) => [name, harmless(value)])

function pointsOf({ page, words: { t } }: Read): Block[] {
  if (page.points.length === 0) return []
  const points = page.points.map(
    (p): Block => ({
      kind: 'point',
      no: p.no,
      text: harmless(p.text),
      finding: t(p.finding ? `findings.${p.finding}` : 'findings.none'),
      answer: harmless(p.answer),
    }),
  )
  return [{ kind: 'heading', text: t('case-file.points') }, ...points]
}

function remedyOf({ page, names, words, zone }: Read): Block[] {
  const { t } = words
  const c = page.complaint
  const at = (instant: string | null) => (instant === null ? '' : wallTime(Date.parse(instant), zone))
  const rows = said([
    [t('export.columns.remedy'), names.code('remedy', c.remedyCode)],
    [t('fields.amount'), c.remedyAmount ? moneyWords(c.remedyAmount, words.locale) : ''],
    [t('case-file.approval'), c.approval ? t(`audit.approvals.${c.approval}`, { defaultValue: c.approval }) : ''],
    [t('audit.field.remedyStartedAt'), at(c.remedyStartedAt)],
    [t('audit.field.remedyDoneAt'), at(c.remedyDoneAt)],
    [t('audit.field.confirmedAt'), at(c.confirmedAt)],
    [t('case-file.proposal'), page.proposal?.text ?? ''],
  ])
  if (rows.length === 0) return []
  return [
    { kind: 'heading', text: t('case-file.remedy') },
    { kind: 'facts', rows: harmlessRows(rows) },
  ]
}

function moneyWords({ minor, currency }: { minor: number; currency: string }, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' })
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

function filesOf({ page, words: { t }, zone }: Read): Block[] {
  if (page.attachments.length === 0) return []
  return [
    { kind: 'heading', text: t('attachments.title') },
    {
      kind: 'table',
      head: [t('case-file.file'), t('case-file.kind'), t('case-file.bytes'), t('case-file.at'), 'SHA-256'],
      rows: page.attachments.map((a) => [
        harmless(a.name),
        a.mediaType,
        a.size.toLocaleString('en'),
        wallTime(Date.parse(a.createdAt), zone),
        a.sha256,
      ]),
      widths: [26, 14, 10, 16, 34],
      fine: 4,
    },
  ]
}
