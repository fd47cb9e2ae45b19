import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNames } from './use-names.ts'

type Props = { id: string; number: string; title: string; state: string }

/** Another complaint, to be opened beside the list one came from. */
export function OtherComplaint({ id, number, title, state }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  return (
    <Link to="/complaints/$id" params={{ id }} search={(before: object) => before} className="other">
      {title || number}
      <small>
        {number}
        {t('common.dot')}
        {names.state(state)}
      </small>
    </Link>
  )
}
