import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { placeOptions, teamOptions, useNames } from '../../complaints/ui/index.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import type { RoutingLine } from '../contract.ts'

type Where = Pick<RoutingLine, 'placeId' | 'typeCode' | 'teamId'>
type Props = {
  readonly line: RoutingLine | null
  readonly save: (where: Where) => Promise<boolean>
  readonly cancel: () => void
}

/** One line, read like a sentence: at this place, about this, to this team. */
export function LineForm({ line, save, cancel }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const [form, setForm] = useState({
    placeId: line?.placeId ?? '',
    typeCode: line?.typeCode ?? '',
    teamId: line?.teamId ?? '',
  })
  const [missing, setMissing] = useState(false)
  const any = { value: '', label: t('routing.any') }
  const types = (names.catalogue?.codes.issue ?? []).map((c) => ({
    value: c.code,
    label: `${c.parent === null ? '' : '\u2003'}${labelOf(c.labels, c.code)}`,
  }))
  const select = (name: keyof typeof form, data: { value: string; label: string }[], error?: string) => (
    <NativeSelect
      label={t(`routing.${name}`)}
      value={form[name]}
      data={data}
      error={error}
      required={name === 'teamId'}
      onChange={(e) => {
        const { value } = e.currentTarget
        setMissing(false)
        setForm((f) => ({ ...f, [name]: value }))
      }}
    />
  )
  const submit = async (e: React.FormEvent) => {
    e.preventDefault()
    if (form.placeId === '' && form.typeCode === '') return setMissing(true)
    const done = await save({ placeId: form.placeId || null, typeCode: form.typeCode || null, teamId: form.teamId })
    if (done) setForm({ placeId: '', typeCode: '', teamId: '' })
  }
  return (
    <form
      className="routing-form"
      onSubmit={(e) => void submit(e)}
      aria-label={t(line ? 'routing.change' : 'routing.add')}
    >
      {select('placeId', [any, ...placeOptions(names)], missing ? t('problem.routing-any-any') : undefined)}
      {select('typeCode', [any, ...types])}
      {select('teamId', [{ value: '', label: t('common.choose') }, ...teamOptions(names)])}
      <div className="row-flex">
        <Button type="submit">{t(line ? 'common.save' : 'routing.add')}</Button>
        {line && (
          <Button variant="default" onClick={cancel}>
            {t('common.cancel')}
          </Button>
        )}
      </div>
    </form>
  )
}
