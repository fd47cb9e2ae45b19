import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { labelOf } from '../../web/ui/i18n.ts'
import { Page } from '../../web/ui/page.tsx'
import { useMe } from '../../web/ui/session.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { staffDirectory } from '../contract.ts'
import { Absences } from './absences.tsx'
import { useAway } from './use-away.ts'

/** Who works here, in which team, and who is away: for leads, who can say it for somebody who is ill. */
export function StaffDirectory() {
  const { t } = useTranslation()
  const me = useMe()
  const away = useAway()
  const directory = useQuery(read(staffDirectory, {}))
  const [noting, setNoting] = useState<{ id: string; name: string } | null>(null)
  return (
    <Page title={t('nav.staff')} wide>
      <Answer of={directory}>
        {(data) => (
          <table className="table">
            <tbody>
              {data.staff.map((s) => (
                <tr key={s.id}>
                  <td>
                    {s.name} {away(s.id) && <span className="tag">{away(s.id)}</span>}
                  </td>
                  <td>{s.roles.map((r) => t(`roles.${r}`)).join(t('common.comma'))}</td>
                  <td>
                    {s.teamIds
                      .map((id) => labelOf(data.teams.find((x) => x.id === id)?.name))
                      .filter(Boolean)
                      .join(t('common.comma'))}
                  </td>
                  <td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t('absence.note-one', { name: s.name })}
                      onClick={() => setNoting(s)}
                    >
                      {t('absence.title')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      {noting && (
        <Modal
          opened
          onClose={() => setNoting(null)}
          title={t('absence.note-one', { name: noting.name })}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <Absences staffId={noting.id} zone={me.zone} />
        </Modal>
      )}
    </Page>
  )
}
