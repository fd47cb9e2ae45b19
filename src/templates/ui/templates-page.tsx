import { Button, NativeSelect } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { UndoStrip, useUndo } from '../../catalogue/ui/index.ts'
import { call } from '../../kit/client/call.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import { locales } from '../../web/ui/i18n.ts'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay, useMe } from '../../web/ui/session.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { listTemplates, type MailTemplate, resetTemplate, saveTemplate } from '../contract.ts'
import { type TemplateKind, templateKinds } from '../domain/index.ts'
import { Preview } from './preview.tsx'
import { TemplateForm } from './template-form.tsx'
import { TestMail } from './test-mail.tsx'
import './templates.css'

const once = () => ({ idempotencyKey: randomUuid() })

/** What mails to complainants say: one at a time, with the mail it makes beside it. */
export function TemplatesPage() {
  const { t } = useTranslation()
  const { locale: own } = useMe().organisation
  const [kind, setKind] = useState<TemplateKind>('acknowledgement')
  const [locale, setLocale] = useState(() => locales.find((l) => l === own) ?? 'zh-Hant')
  const answer = useQuery(read(listTemplates, {}))
  return (
    <Page title={t('nav.mail-templates')} hint={t('templates.hint')} wide>
      <div className="row-flex template-pick">
        <NativeSelect
          label={t('templates.kind')}
          value={kind}
          onChange={(e) => setKind(templateKinds.find((k) => k === e.currentTarget.value) ?? 'acknowledgement')}
          data={templateKinds.map((value) => ({ value, label: t(`templates.kinds.${value}`) }))}
        />
        <NativeSelect
          label={t('templates.language')}
          value={locale}
          onChange={(e) => setLocale(locales.find((l) => l === e.currentTarget.value) ?? 'zh-Hant')}
          data={locales.map((value) => ({ value, label: t(`locales.${value}`) }))}
        />
      </div>
      <p className="quiet">{t(`templates.about.${kind}`)}</p>
      <Answer of={answer}>
        {({ items }) => {
          const item = items.find((i) => i.kind === kind && i.locale === locale)
          return item && <OneTemplate key={`${kind} ${locale}`} item={item} />
        }}
      </Answer>
    </Page>
  )
}

type Words = { readonly subject: string; readonly body: string }

function OneTemplate({ item }: { item: MailTemplate }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const undo = useUndo()
  const writes = useMay('settings.write')
  const [words, setWords] = useState<Words>({ subject: item.subject, body: item.body })
  const [error, setError] = useState<unknown>(null)
  const { kind, locale, version } = item
  const which = { kind, locale }
  const put = (now: MailTemplate) => {
    setWords({ subject: now.subject, body: now.body })
    return client.invalidateQueries({ queryKey: [listTemplates.id] })
  }
  const keep = async (said: string, work: () => Promise<MailTemplate>) => {
    setError(null)
    try {
      const now = await work()
      await put(now)
      const before = { subject: item.subject, body: item.body }
      undo.tell(said, () =>
        call(saveTemplate, { body: { ...which, ...before, version: now.version } }, once()).then(put),
      )
    } catch (problem) {
      setError(problem)
    }
  }
  const changed = words.subject !== item.subject || words.body !== item.body
  const isOwn = item.changed !== null && item.changed.what !== 'removed'
  return (
    <div className="templates">
      <section>
        <UndoStrip undo={undo} />
        <p className="small quiet">
          {t(isOwn ? 'templates.own' : 'templates.standard')}
          {item.changed && (
            <>
              {t('common.dot')}
              {item.changed.by} <When at={item.changed.at} />
            </>
          )}
        </p>
        <TemplateForm kind={kind} locale={locale} words={words} set={setWords} readOnly={!writes} />
        <ProblemNote error={error} />
        {writes && (
          <div className="row-flex">
            <Button
              disabled={!changed}
              onClick={() =>
                void keep(t('templates.saved'), () =>
                  call(saveTemplate, { body: { ...which, ...words, version } }, once()),
                )
              }
            >
              {t('templates.save')}
            </Button>
            {isOwn && (
              <Button
                variant="default"
                onClick={() =>
                  void keep(t('templates.was-reset'), () =>
                    call(resetTemplate, { body: { ...which, version } }, once()),
                  )
                }
              >
                {t('templates.reset')}
              </Button>
            )}
          </div>
        )}
        {writes && <TestMail kind={kind} locale={locale} words={words} />}
      </section>
      <Preview kind={kind} locale={locale} words={words} />
    </div>
  )
}
