import { wallTime } from '../domain/instant.ts'
import type { Block } from './document.ts'
import type { Read } from './read.ts'

/** Whether the history is what was written, and by which hash somebody can hold us to it. */
export function proofOf({ proven, words: { t }, zone }: Read): Block[] {
  const at = (instant: string) => wallTime(Date.parse(instant), zone)
  const { seal } = proven
  const rows: (readonly [string, string])[] = [
    [t('case-file.events'), String(proven.events)],
    [t('case-file.head-hash'), proven.head],
    [
      t('case-file.seal'),
      seal ? t('case-file.sealed', { seq: seal.seq, no: seal.no, at: at(seal.at) }) : t('case-file.not-sealed'),
    ],
    [t('case-file.verified'), at(proven.checkedAt)],
    [
      t('case-file.result'),
      proven.ok ? t('case-file.intact') : t('case-file.not-intact', { count: proven.problems.length }),
    ],
    ...proven.problems.map((p): readonly [string, string] => [
      p.seq === null ? p.code : t('audit.problem-at', { seq: p.seq }),
      t(`audit.codes.${p.code.replace('audit.', '')}`, { defaultValue: p.code }),
    ]),
  ]
  return [
    { kind: 'heading', text: t('case-file.proof') },
    { kind: 'facts', rows },
    { kind: 'text', text: t('case-file.proof-hint'), quiet: true },
  ]
}
