import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addSetting } from '../../catalogue/contract.ts'
import { call } from '../../kit/client/call.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { typeCode } from '../domain/type-code.ts'

type Props = { readonly names: readonly string[]; readonly again: () => void; readonly alone?: boolean }

/** Makes values of the file types of ours, named as they are there; they are renamed, moved or taken back in the settings. */
export function CreateTypes({ names, again, alone = false }: Props) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const create = async () => {
    setBusy(true)
    setError(null)
    try {
      for (const name of names) await add(name)
    } catch (caught) {
      setError(caught)
    } finally {
      setBusy(false)
      again()
    }
  }
  return (
    <>
      {alone ? (
        <button type="button" className="plain link small" disabled={busy} onClick={() => void create()}>
          {t('import.create-type')}
        </button>
      ) : (
        names.length > 1 && (
          <Button variant="default" size="xs" loading={busy} onClick={() => void create()}>
            {t('import.create-types', { count: names.length })}
          </Button>
        )
      )}
      <ProblemNote error={error} />
    </>
  )
}

const longestName = 120
async function add(name: string): Promise<void> {
  const label = name.slice(0, longestName)
  const labels = { zhHant: label, zhHans: label, en: label }
  await call(addSetting, { body: { list: 'issue', code: typeCode(name), labels, parent: null } })
}
