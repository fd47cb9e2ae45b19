import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import type { Present } from '../../presence/contract.ts'
import { PresentNote } from '../../presence/ui/index.ts'
import { useMay } from '../../web/ui/session.ts'
import { When } from '../../web/ui/when.tsx'
import type { ComplaintPage } from '../contract.ts'
import { ActionsMenu } from './actions-menu.tsx'
import type { CommandName } from './use-command.ts'
import { useNames } from './use-names.ts'

type Props = { page: ComplaintPage; act: (name: CommandName) => void; present: readonly Present[] }

export function Head({ page, act, present }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const c = page.complaint
  const verifies = useMay('complaint.verify')
  return (
    <header className="head">
      <div className="num">
        <span>{c.number}</span>
        <span>
          {names.channel(c.channel)}
          {t('common.dot')}
          <When at={c.receivedAt} />
        </span>
        {c.severity && (
          <span className={c.severity === 'critical' || c.severity === 'high' ? 'tag late' : 'tag'}>
            {names.severityOf(c)}
          </span>
        )}
        {c.typeCode && <span className="tag">{names.code('issue', c.typeCode)}</span>}
        {c.confidentiality !== 'normal' && (
          <span className="tag soon">{t(`confidentiality.${c.confidentiality}`)}</span>
        )}
        {c.mode !== 'named' && <span className="tag">{t(`mode.${c.mode}`)}</span>}
        {c.flags.map((flag) => (
          <span className="tag" key={flag}>
            {names.code('risk_flag', flag)}
          </span>
        ))}
        <span className="head-ways">
          <PresentNote who={present} />
          {verifies && (
            <Link to="/complaints/$id/audit" params={{ id: c.id }} className="link">
              {t('audit.link')}
            </Link>
          )}
          <ActionsMenu page={page} act={act} />
        </span>
      </div>
      <h2 dir="auto">{harmless(c.title) || c.number}</h2>
      {c.authority && (
        <p className="authority">
          {(['body', 'number', 'sender'] as const)
            .filter((part) => c.authority?.[part])
            .map((part) => t(`authority-letter.${part}`, { value: harmless(c.authority?.[part] ?? '') }))
            .join(t('call.between'))}
        </p>
      )}
      {c.mergedInto && <p className="note-box warn">{t('complaint.merged-into', { number: c.mergedInto.number })}</p>}
    </header>
  )
}
