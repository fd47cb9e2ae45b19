import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CheckList } from '../../web/ui/check-list.tsx'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { ShownOnce } from '../../web/ui/shown-once.tsx'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { useMay } from '../../web/ui/session.ts'
import { addApiKey, listApiKeys, revokeApiKey } from '../contract.ts'
import { keyPermissions, type Permission, permissions } from '../permissions.ts'
import { Permissions, WaitingKeys } from './waiting-keys.tsx'

/** What another system could need and a key may hold. */
const offered = Object.entries(permissions)
  .filter(([name, roles]) => keyPermissions.has(name) && (roles as readonly string[]).includes('integration'))
  .map(([name]) => name)

/** Keys of other systems: made once, shown once, revoked at any time; some wait for somebody's agreement. */
export function KeysPage() {
  const { t } = useTranslation()
  const [makes, agrees] = [useMay('key.manage'), useMay('key.confirm')]
  return (
    <Page title={t('nav.keys')} hint={t('keys.hint')}>
      {agrees && <WaitingKeys />}
      {makes && <Keys />}
    </Page>
  )
}

function Keys() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const keys = useQuery(read(listApiKeys, {}))
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string[]>([])
  const again = () => client.invalidateQueries({ queryKey: [listApiKeys.id] })
  const revoke = useSend(revokeApiKey, again)
  const add = useSend(addApiKey, () => {
    setName('')
    setChosen([])
    return again()
  })
  return (
    <>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          add.mutate({ body: { name, permissions: chosen as Permission[] } })
        }}
      >
        <TextInput
          className="short"
          label={t('keys.name')}
          required
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <CheckList
          label={t('keys.permissions')}
          required
          wide
          options={offered.map((value) => ({ value, label: t(`permissions.${value}`), code: value }))}
          value={chosen}
          onChange={setChosen}
        />
        <ProblemNote error={add.error ?? revoke.error} />
        <div>
          <Button type="submit" loading={add.isPending} disabled={chosen.length === 0}>
            {t('keys.make')}
          </Button>
        </div>
        {add.data && (
          <div className="note-box warn" role="status">
            <p>{t('keys.shown-once')}</p>
            <ShownOnce label={t('keys.key')} text={add.data.key} />
            {add.data.apiKey.confirmedAt === null && <p>{t('keys.waiting-hint')}</p>}
          </div>
        )}
      </form>
      <Answer of={keys}>
        {(data) =>
          data.keys.length === 0 ? (
            <Empty title={t('keys.none')} />
          ) : (
            <table className="table">
              <tbody>
                {data.keys.map((k) => (
                  <tr key={k.id}>
                    <td>
                      {k.name} <span className="mono quiet">{k.prefix}…</span>{' '}
                      {k.confirmedAt === null && !k.revokedAt && (
                        <span className="tag" title={t('keys.waiting-hint')}>
                          {t('keys.waiting')}
                        </span>
                      )}
                    </td>
                    <td className="small quiet">
                      <Permissions of={k.permissions} />
                    </td>
                    <td>
                      {k.lastUsedAt ? <When at={k.lastUsedAt} /> : <span className="quiet">{t('keys.unused')}</span>}
                    </td>
                    <td>
                      {k.revokedAt ? (
                        <span className="tag">{t('keys.revoked')}</span>
                      ) : (
                        <button
                          type="button"
                          className="plain link late"
                          aria-label={t('keys.revoke-one', { name: k.name })}
                          onClick={() => revoke.mutate({ params: { id: k.id } })}
                        >
                          {t('keys.revoke')}
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
    </>
  )
}
