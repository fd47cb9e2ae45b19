import { Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CaseFileItems } from '../../export/ui/index.ts'
import { keyOf } from '../../web/ui/problem-note.tsx'
import type { Action, ComplaintPage } from '../contract.ts'
import { grouped } from './action-groups.ts'
import { actionsShown } from './actions-shown.ts'
import type { CommandName } from './use-command.ts'

type Props = { page: ComplaintPage; act: (name: CommandName) => void }

/** Everything that can be done, from the server's own list; what cannot be done now says why. */
export function ActionsMenu({ page, act }: Props) {
  const { t } = useTranslation()
  const actions = actionsShown(page)
  const [now, later] = [actions.filter((a) => a.allowed), actions.filter((a) => !a.allowed)]
  return (
    <Menu
      position="bottom-end"
      width="min(480px, calc(100vw - 20px))"
      menuItemTabIndex={0}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button type="button" className="plain link">
          {t('complaint.more-actions')}
        </button>
      </Menu.Target>
      <Menu.Dropdown className="tall-menu">
        <div className="action-groups" role="presentation">
          {grouped(now).map(([group, actions]) => (
            <div key={group} role="group" aria-label={t(`complaint.action-groups.${group}`)}>
              <p className="menu-label" aria-hidden="true">
                {t(`complaint.action-groups.${group}`)}
              </p>
              {actions.map((action) => (
                <Menu.Item key={action.name} onClick={() => act(action.name)}>
                  {t(`actions.${action.name}`)}
                </Menu.Item>
              ))}
            </div>
          ))}
        </div>
        <CaseFileItems id={page.complaint.id} />
        {later.length > 0 && (
          <div className="not-now" role="group" aria-label={t('complaint.not-now')}>
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
