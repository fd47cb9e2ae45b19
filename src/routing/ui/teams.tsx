import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { labelOf } from '../../web/ui/i18n.ts'
import type { RoutingTeam } from '../contract.ts'

type Mode = RoutingTeam['mode']
const modes = ['by_hand', 'fewest_open'] as const

/** How each team shares out, and who of it could be given something now. */
export function Teams({
  teams,
  share,
}: {
  teams: readonly RoutingTeam[]
  share: ((id: string, mode: Mode) => void) | undefined
}) {
  const { t } = useTranslation()
  return (
    <table className="table">
      <thead>
        <tr>
          <th>{t('facts.teamId')}</th>
          <th>{t('routing.mode')}</th>
          <th>{t('routing.present')}</th>
        </tr>
      </thead>
      <tbody>
        {teams.map((team) => (
          <tr key={team.id}>
            <td>
              {labelOf(team.name)} {team.isDefault && <span className="tag">{t('teams.default')}</span>}
            </td>
            <td>
              {share ? (
                <NativeSelect
                  aria-label={t('routing.mode-of', { team: labelOf(team.name) })}
                  value={team.mode}
                  data={modes.map((value) => ({ value, label: t(`fact-values.mode.${value}`) }))}
                  onChange={(e) => share(team.id, modes.find((m) => m === e.currentTarget.value) ?? team.mode)}
                />
              ) : (
                t(`fact-values.mode.${team.mode}`)
              )}
            </td>
            <td className={team.present.length === 0 ? 'soon' : 'quiet'}>
              {team.present.length === 0
                ? t('routing.nobody')
                : team.present
                    .slice(0, 8)
                    .map((p) => p.name)
                    .join(t('common.comma')) + (team.present.length > 8 ? ` +${team.present.length - 8}` : '')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
