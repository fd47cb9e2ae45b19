import type { SignIn } from './load.ts'
import { passwordOf, people } from './scene.ts'

const roleWords: Readonly<Record<string, string>> = {
  intake_operator: 'intake',
  handler: 'handler',
  specialist: 'specialist',
  team_lead: 'team lead',
  approver: 'approver',
  stage2_reviewer: 'stage-two reviewer',
  improvement_owner: 'improvement',
  qa_reviewer: 'quality',
  compliance_auditor: 'auditor, reads only',
  executive: 'executive, numbers only',
  administrator: 'administrator, no cases',
  department_respondent: 'shop, own tasks only',
}

/** Who may sign in to the demo, as a table for the terminal: name, role in words, mail, password. */
export function signInTable(signIns: readonly SignIn[]): string {
  const rows = signIns.map(({ name, roles, mail, password }) => [
    name,
    roles.map((role) => roleWords[role] ?? role).join(', '),
    mail,
    password,
  ])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => columns(row[column] ?? ''))))
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell + ' '.repeat(pad(cell, widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const pad = (cell: string, width = 0) => Math.max(0, width - columns(cell))

/** Chinese characters take two columns of a terminal. */
function columns(text: string): number {
  return [...text].reduce(
    (sum, char) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(char)
        ? 2
        : 1),
    0,
  )
}

/** The demo's people as they were made; a password may have been changed since. */
export function demoSignIns(): SignIn[] {
  return people.map(({ key, name, mail, roles }) => ({ name, mail, roles, password: passwordOf(key, {}) }))
}
