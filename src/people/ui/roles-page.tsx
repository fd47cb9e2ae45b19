import { NativeSelect } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { Answer } from '../../web/ui/states.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { getRoleScopes, putRoleScopes, scopeName } from '../contract.ts'
import { isRole } from '../roles.ts'

/** Which complaints each role sees. */
export function RolesPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const scopes = useQuery(read(getRoleScopes, {}))
  const save = useSend(putRoleScopes, (reply) => client.setQueryData([getRoleScopes.id, {}], reply))
  const set = (role: string, scope: string) => {
    const all = (scopes.data?.scopes ?? []).map((s) => (s.role === role ? { ...s, scope: scopeName.parse(scope) } : s))
    const changed = all.flatMap((s) =>
      s.scope !== s.standard && isRole(s.role) ? [{ role: s.role, scope: s.scope }] : [],
    )
    save.mutate({ body: { scopes: changed } })
  }
  return (
    <Page title={t('nav.roles')} hint={t('role-scopes.hint')}>
      <ProblemNote error={save.error} />
      <Answer of={scopes}>
        {(data) => (
          <table className="table">
            <tbody>
              {data.scopes.map((s) => (
                <tr key={s.role}>
                  <td>{t(`roles.${s.role}`)}</td>
                  <td>
                    <NativeSelect
                      size="xs"
                      aria-label={t('role-scopes.of', { role: t(`roles.${s.role}`) })}
                      value={s.scope}
                      onChange={(e) => set(s.role, e.currentTarget.value)}
                      data={scopeName.options.map((value) => ({ value, label: t(`role-scopes.${value}`) }))}
                    />
                  </td>
                  <td className="quiet small">
                    {s.scope === s.standard ? '' : t('role-scopes.standard', { scope: t(`role-scopes.${s.standard}`) })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
    </Page>
  )
}
