import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import type { GoesTo as Sending } from '../../replies/contract.ts'

type Props = {
  readonly sending: Sending
  /** Somebody says it themselves: the tracking page is no way to them either. */
  readonly said: boolean
}

/** Where an answer goes: to which address and from which, or why by no mail. */
export function GoesTo({ sending, said }: Props) {
  const { t } = useTranslation()
  const { mails, more, noMail } = sending
  if (noMail)
    return (
      <p className="small quiet goes-to">
        {t(`goes-to.${noMail}`)} {!said && t('goes-to.portal-only')}
      </p>
    )
  const senders = [...new Set(mails.map((m) => m.from))]
  return (
    <div className="small quiet goes-to">
      {senders.map((from) => {
        const to = mails.filter((m) => m.from === from).map((m) => (m.to === null ? t('goes-to.kept') : harmless(m.to)))
        return (
          <p key={from}>
            <bdi>{t('goes-to.to', { to: [...new Set(to)].join(t('common.comma')) })}</bdi>
            {' ・ '}
            <bdi>{t('goes-to.from', { from: harmless(from) })}</bdi>
          </p>
        )
      })}
      {more > 0 && <p>{t('goes-to.more', { n: more })}</p>}
    </div>
  )
}
