import { Button } from '@mantine/core'
import i18next, { type TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../kit/contract/shapes.ts'
import { problemOf } from '../../kit/client/problem-error.ts'

/** A problem in the reader's words: by code, then by the code's family, then by status. */
export function problemWords(problem: Problem, t: TFunction): string {
  const keys = [`problem.${keyOf(problem.code)}`, `problem.status-${problem.status}`, 'problem.other']
  return t(keys, { ...problem.facts, code: problem.code })
}

/** Whether our words say it all. A defect is told by its code and the number of the request, which whoever runs the program can look for. */
function hasWords({ code, status }: Problem): boolean {
  return status < 500 && i18next.exists(`problem.${keyOf(code)}`)
}

/** A field by the name it has in forms, where it has one. */
function fieldWords(path: string, t: TFunction): string {
  const last = path.split('.').findLast((part) => !/^\d+$/.test(part))
  return t([`fields.${path}`, `fields.${last}`], { defaultValue: path })
}

type Broken = NonNullable<Problem['errors']>[number]

/** What is wrong with a field, in the reader's words: the server's own are English. */
function ruleWords({ rule, most }: Broken, t: TFunction): string {
  if (most !== undefined) return t('problem.most', { count: most })
  return t([`problem.rules.${rule}`, 'problem.rules.other'])
}

/** Locale keys use dashes where codes use dots. */
export function keyOf(code: string): string {
  return code.replaceAll('.', '-').replaceAll('_', '-')
}

type Props = {
  error: unknown
  /** Offered when trying again makes sense. */
  retry?: (() => void) | undefined
  children?: React.ReactNode
}

/** The one place where a refusal or failure is shown. */
export function ProblemNote({ error, retry, children }: Props) {
  const { t } = useTranslation()
  if (!error) return null
  const problem = problemOf(error)
  return (
    <div className="note-box problem" role="alert">
      <p>{problemWords(problem, t)}</p>
      {problem.errors?.map((e) => (
        <p className="small" key={e.path}>
          {t('problem.field', {
            field: fieldWords(e.path.replace(/^body\./, ''), t),
            message: ruleWords(e, t),
          })}
        </p>
      ))}
      {children}
      {!hasWords(problem) && (
        <p className="small quiet">
          {problem.code}
          {problem.requestId ? ` · ${problem.requestId}` : ''}
        </p>
      )}
      {retry && (
        <Button size="compact-sm" variant="default" onClick={retry} mt={6}>
          {t('common.try-again')}
        </Button>
      )}
    </div>
  )
}
