import { Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { keyOf } from '../../web/ui/problem-note.tsx'
import type { Action, ComplaintPage } from '../contract.ts'
import { commands } from '../contract.ts'
import type { CommandName } from './use-command.ts'

/** Handled elsewhere on the page: suggestions have their own buttons, links and undoing too. */
const elsewhere = new Set(['dismiss', 'unlink', 'find'])
const inOrder = Object.keys(commands).filter((name) => !elsewhere.has(name))

type Props = { page: ComplaintPage; act: (name: CommandName) => void }

/** Everything that can be done, from the server's own list; what cannot be done now says why. */
export function ActionsMenu({ page, act }: Props) {
  const { t } = useTranslation()
  const asked = page.complaint.authority !== null || page.clocks.some((c) => c.kind === 'authority')
  const actions = page.actions
    .filter(known)
    .filter((a) => asked || a.name !== 'answer_authority')
    .sort((a, b) => inOrder.indexOf(a.name) - inOrder.indexOf(b.name))
  const [now, later] = [actions.filter((a) => a.allowed), actions.filter((a) => !a.allowed)]
  return (
    <Menu position="bottom-end" width={300} menuItemTabIndex={0} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button type="button" className="plain link">
          {t('complaint.more-actions')}
        </button>
      </Menu.Target>
      <Menu.Dropdown className="tall-menu">
        {now.map((action) => (
          <Menu.Item key={action.name} onClick={() => act(action.name)}>
            {t(`actions.${action.name}`)}
          </Menu.Item>
        ))}
        {later.length > 0 && (
          <div role="group" aria-label={t('complaint.not-now')}>
            <p className="menu-label" aria-hidden="true">
              {t('complaint.not-now')}
            </p>
            {later.map((action) => (
              <Menu.Item key={action.name} disabled>
                {t(`actions.${action.name}`)}
                <span className="why-not">{whyWords(action, t)}</span>
              </Menu.Item>
            ))}
          </div>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

type T = (key: string | string[], values?: Record<string, unknown>) => string

/** Why an action is not possible now, in words. */
export function whyWords(action: Pick<Action, 'why' | 'facts'>, t: T): string {
  if (!action.why) return ''
  return t([`problem.${keyOf(action.why)}`, `why.${keyOf(action.why)}`, 'why.other'], {
    ...action.facts,
    code: action.why,
  })
}

function known(action: Action): action is Action & { name: CommandName } {
  return inOrder.includes(action.name)
}
