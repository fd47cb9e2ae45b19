import { useTranslation } from 'react-i18next'
import { problemOf } from '../../kit/client/problem-error.ts'
import { problemWords } from '../../web/ui/problem-note.tsx'
import { useMay, useMe } from '../../web/ui/session.ts'
import { toast } from '../../web/ui/toast.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import { acceptHandover, type ComplaintRow } from '../contract.ts'
import { askAct } from './asked-act.ts'
import { handedTo } from './handover-note.tsx'

/** One key takes what was handed over to me, where the cursor stands; another opens it and asks for the reason to give it back. */
export function useHandoverKeys() {
  const { t } = useTranslation()
  const me = useMe()
  const takes = useMay('complaint.handle')
  const returns = useMay('complaint.assign')
  const accept = useSend(acceptHandover, () => toast(t('common.done', { what: t('actions.accept_handover') })))
  const answer = (
    row: ComplaintRow | undefined,
    key: 'accept' | 'decline',
    open: (row: ComplaintRow) => boolean,
  ): boolean => {
    if (!row || !handedTo(row, me)) return false
    if (key === 'decline') {
      if (!returns) return false
      askAct(row.id, 'return_handover')
      return open(row)
    }
    if (!takes || accept.isPending) return false
    accept.mutate(
      { params: { id: row.id }, body: { version: row.version } },
      { onError: (error) => toast(problemWords(problemOf(error), t)) },
    )
    return true
  }
  return { answer }
}
