import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { toast } from '../../web/ui/toast.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { confirmApiKey, listApiKeys, waitingKeys } from '../contract.ts'

/** Keys that work only when somebody has agreed who may open what they open. */
export function WaitingKeys() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const makes = useMay('key.manage')
  const keys = useQuery(read(waitingKeys, {}))
  const agree = useSend(confirmApiKey, async (key) => {
    toast(t('keys.agreed', { name: key.name }))
    await client.invalidateQueries({ queryKey: [listApiKeys.id] })
    await client.invalidateQueries({ queryKey: [waitingKeys.id] })
  })
  if (makes && keys.data?.keys.length === 0) return null
  return (
    <section aria-label={t('keys.waiting-title')}>
      <h2>{t('keys.waiting-title')}</h2>
      <ProblemNote error={agree.error} />
      <Answer of={keys}>
        {(data) =>
          data.keys.length === 0 ? (
            <Empty title={t('keys.none-waiting')} />
          ) : (
            <ul className="plain-list stack">
              {data.keys.map((k) => (
                <li key={k.id} className="row-flex">
                  <div className="grow">
                    <b>{k.name}</b> <span className="mono quiet">{k.prefix}…</span>{' '}
                    <span className="quiet small">
                      {k.createdBy && t('keys.asked-by', { name: k.createdBy })} <When at={k.createdAt} />
                    </span>
                    <p className="small">
                      <Permissions of={k.permissions} />
                    </p>
                    {k.beyond.length > 0 && (
                      <p className="small soon">
                        {t('keys.beyond', {
                          what: k.beyond
                            .map((code) => t(`permissions.${code}`, { defaultValue: code }))
                            .join(t('common.comma')),
                        })}
                      </p>
                    )}
                  </div>
                  <Button
                    variant="default"
                    disabled={k.beyond.length > 0}
                    loading={agree.isPending}
                    aria-label={t('keys.agree-one', { name: k.name })}
                    onClick={() => agree.mutate({ params: { id: k.id } })}
                  >
                    {t('keys.agree')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  )
}

/** By name; the code, which the API and its documentation speak of, shows where one points. */
export function Permissions({ of }: { of: readonly string[] }) {
  const { t } = useTranslation()
  return of.map((code, i) => (
    <Fragment key={code}>
      {i > 0 && t('common.comma')}
      <span title={code}>{t(`permissions.${code}`, { defaultValue: code })}</span>
    </Fragment>
  ))
}
