import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { read } from '../../web/ui/use-call.ts'
import { readOrigin } from '../contract.ts'

/** Where an imported complaint comes from, and what the source called things: also those that mean nothing here. */
export function Origin({ id }: { id: string }) {
  const { t } = useTranslation()
  const { data } = useQuery({ ...read(readOrigin, { params: { id } }), staleTime: 300_000 })
  if (!data) return null
  const rows: [string, string][] = [
    [t('import.origin.source'), data.source],
    [t('import.origin.id'), data.sourceId],
    [t('import.origin.file'), data.fileName],
    ...(data.flaw
      ? [[t('import.origin.flaw'), t(`fact-values.flaw.${data.flaw}`, { defaultValue: data.flaw })] as [string, string]]
      : []),
  ]
  return (
    <section aria-label={t('import.origin.title')}>
      <h3>{t('import.origin.title')}</h3>
      <Pairs rows={rows} />
      {data.values.length > 0 && (
        <>
          <h4>{t('import.origin.values')}</h4>
          <Pairs rows={data.values.map(({ target, value }) => [t(`import.target.${target}`), value])} />
        </>
      )}
      <p className="small">
        <Link to="/complaints" search={{ open: 'any', importId: data.id }} className="link">
          {t('import.origin.list')}
        </Link>
      </p>
    </section>
  )
}

function Pairs({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="kv">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  )
}
