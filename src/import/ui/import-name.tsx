import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { read } from '../../web/ui/use-call.ts'
import { nameImport } from '../contract.ts'

/** Which import a list is of. */
export function ImportName({ id }: { id: string }) {
  const { t } = useTranslation()
  const { data } = useQuery({ ...read(nameImport, { params: { id } }), staleTime: Infinity })
  return <>{t('import.chip', { name: data?.fileName ?? '…' })}</>
}
