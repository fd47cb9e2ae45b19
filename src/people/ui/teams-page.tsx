import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { Answer } from '../../web/ui/states.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { addTeam, changeTeam, listTeams } from '../contract.ts'

type Team = ReplyOf<typeof listTeams>['teams'][number]
const empty = { zhHant: '', zhHans: '', en: '', key: '' }

/** The queues work lands in; one of them is where it lands when nothing says otherwise. */
export function TeamsPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const teams = useQuery(read(listTeams, {}))
  const [form, setForm] = useState(empty)
  const again = () => client.invalidateQueries({ queryKey: [listTeams.id] })
  const change = useSend(changeTeam, again)
  const add = useSend(addTeam, () => {
    setForm(empty)
    return again()
  })
  const field = (name: keyof typeof empty) => (
    <TextInput
      label={t(`teams.${name}`)}
      required
      value={form[name]}
      onChange={(e) => setForm((f) => ({ ...f, [name]: e.currentTarget.value }))}
    />
  )
  const submit = (e: React.FormEvent) => {
    e.preventDefault()
    const { key, ...name } = form
    add.mutate({ body: { key, name } })
  }
  return (
    <Page title={t('nav.teams')}>
      <ProblemNote error={change.error} />
      <EmptyTeams teams={teams.data?.teams ?? []} />
      <Answer of={teams}>
        {(data) => (
          <table className="table">
            <tbody>
              {data.teams.map((x) => (
                <tr key={x.id}>
                  <td>
                    {labelOf(x.name)} {x.isDefault && <span className="tag">{t('teams.default')}</span>}{' '}
                    {x.retired && <span className="tag">{t('teams.retired')}</span>}
                  </td>
                  <td>{t('teams.members', { count: x.members })}</td>
                  <td>
                    <div className="row-flex">
                      {!x.isDefault && !x.retired && (
                        <button
                          type="button"
                          className="plain link"
                          onClick={() => change.mutate({ params: { id: x.id }, body: { isDefault: true } })}
                        >
                          {t('teams.make-default')}
                        </button>
                      )}
                      {!x.isDefault && (
                        <button
                          type="button"
                          className="plain link"
                          onClick={() => change.mutate({ params: { id: x.id }, body: { retired: !x.retired } })}
                        >
                          {t(x.retired ? 'teams.revive' : 'teams.retire')}
                        </button>
                      )}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      <section>
        <h2>{t('teams.add')}</h2>
        <form className="stack" onSubmit={submit}>
          <div className="two">
            {field('zhHant')}
            {field('zhHans')}
            {field('en')}
            {field('key')}
          </div>
          <ProblemNote error={add.error} />
          <div>
            <Button type="submit" loading={add.isPending}>
              {t('teams.add')}
            </Button>
          </div>
        </form>
      </section>
    </Page>
  )
}

/** Teams in which nobody works any more: what lands there is looked at by nobody. */
export function EmptyTeams({ teams }: { teams: readonly Team[] }) {
  const { t } = useTranslation()
  const empty = teams.filter((x) => !x.retired && x.members === 0)
  if (empty.length === 0) return null
  return (
    <p className="note-box warn" role="alert">
      {t('teams.empty', { teams: empty.map((x) => labelOf(x.name)).join(t('common.comma')) })}
    </p>
  )
}
