import { Button, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMe } from '../../web/ui/session.ts'
import { toast } from '../../web/ui/toast.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import { getMe, patchMe, type Signature } from '../contract.ts'
import { languageNames } from '../../web/ui/language-names.ts'

const tongues = [
  ['zhHant', 'zh-Hant'],
  ['zhHans', 'zh-Hans'],
  ['en', 'en'],
] as const

/** What stands under one's replies, in each language the complainants have. */
export function SignatureForm() {
  const { t } = useTranslation()
  const me = useMe()
  const client = useQueryClient()
  const [form, setForm] = useState<Signature>(me.signature)
  const save = useSend(patchMe, (reply) => {
    client.setQueryData([getMe.id, {}], reply)
    toast(t('signature.saved'))
  })
  const changed = tongues.some(([key]) => form[key] !== me.signature[key])
  return (
    <section aria-label={t('signature.title')}>
      <h2>{t('signature.title')}</h2>
      <p className="quiet hint">{t('signature.hint')}</p>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          save.mutate({ body: { signature: form } })
        }}
      >
        {tongues.map(([key, locale]) => (
          <Textarea
            key={key}
            lang={locale}
            label={languageNames[locale]}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={1000}
            value={form[key]}
            onChange={(e) => setForm({ ...form, [key]: e.currentTarget.value })}
          />
        ))}
        <ProblemNote error={save.error} />
        <div>
          <Button type="submit" variant="default" disabled={!changed} loading={save.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </section>
  )
}
