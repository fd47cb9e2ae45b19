import { type Action, type ComplaintPage, commands } from '../contract.ts'
import type { CommandName } from './use-command.ts'

/** Handled elsewhere on the page, where it is said of what: suggestions, links and messages have their own buttons. */
const elsewhere = new Set(['dismiss', 'unlink', 'find', 'fold', 'translate'])
const inOrder = Object.keys(commands).filter((name) => !elsewhere.has(name))

export type ShownAction = Action & { readonly name: CommandName }

/** The server's own list of what can be done, in the order of the process; where it is allowed, and why not. */
export function actionsShown(page: ComplaintPage): ShownAction[] {
  const asked = page.complaint.authority !== null || page.clocks.some((c) => c.kind === 'authority')
  return page.actions
    .filter(known)
    .filter((a) => asked || a.name !== 'answer_authority')
    .sort((a, b) => inOrder.indexOf(a.name) - inOrder.indexOf(b.name))
}

function known(action: Action): action is ShownAction {
  return inOrder.includes(action.name)
}
