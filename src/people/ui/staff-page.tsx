import { Button, Modal } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { labelOf } from '../../web/ui/i18n.ts'
import { Page } from '../../web/ui/page.tsx'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { useMay } from '../../web/ui/session.ts'
import { listStaff, listTeams, type StaffMember } from '../contract.ts'
import { StaffDirectory } from './staff-directory.tsx'
import { StaffForm } from './staff-form.tsx'
import { EmptyTeams } from './teams-page.tsx'
import { useAway } from './use-away.ts'

/** All staff accounts to those who look after them; to leads, who works here and who is away. */
export function StaffPage() {
  return useMay('staff.manage') ? <Accounts /> : <StaffDirectory />
}

/** Roles, teams, who is away, and whether they are active. */
function Accounts() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const staff = useQuery(read(listStaff, {}))
  const teams = useQuery(read(listTeams, {})).data?.teams ?? []
  const away = useAway()
  const [editing, setEditing] = useState<StaffMember | 'new' | null>(null)
  const saved = () => client.invalidateQueries({ queryKey: [listStaff.id] })
  const teamName = (id: string) => labelOf(teams.find((x) => x.id === id)?.name)
  return (
    <Page title={t('nav.staff')} wide>
      <EmptyTeams teams={teams} />
      <Button onClick={() => setEditing('new')}>{t('staff.add')}</Button>
      <Answer of={staff}>
        {(data) => (
          <table className="table">
            <thead>
              <tr>
                <th>{t('staff.name')}</th>
                <th>{t('sign-in.mail')}</th>
                <th>{t('staff.roles')}</th>
                <th>{t('nav.teams')}</th>
                <th>{t('common.action')}</th>
              </tr>
            </thead>
            <tbody>
              {data.staff.map((s) => (
                <tr key={s.id}>
                  <td>
                    {s.name} {!s.active && <span className="tag">{t('staff.inactive')}</span>}{' '}
                    {s.totpOn && <span className="tag">{t('staff.totp')}</span>}{' '}
                    {away(s.id) && <span className="tag">{away(s.id)}</span>}
                  </td>
                  <td>{s.mail}</td>
                  <td>{s.roles.map((r) => t(`roles.${r}`)).join(t('common.comma'))}</td>
                  <td>{s.teamIds.map(teamName).join(t('common.comma'))}</td>
                  <td>
                    <button
                      type="button"
                      className="plain link"
                      aria-label={t('staff.edit-one', { name: s.name })}
                      onClick={() => setEditing(s)}
                    >
                      {t('staff.edit')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      {editing && (
        <Modal
          opened
          onClose={() => setEditing(null)}
          title={t(editing === 'new' ? 'staff.add' : 'staff.edit')}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <StaffForm
            member={editing === 'new' ? undefined : editing}
            staff={staff.data?.staff ?? []}
            teams={teams}
            saved={saved}
            close={() => setEditing(null)}
          />
        </Modal>
      )}
    </Page>
  )
}
