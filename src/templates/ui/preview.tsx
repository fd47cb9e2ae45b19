import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import type { MailTemplate } from '../contract.ts'
import { previewTemplate } from '../contract.ts'

type Props = Pick<MailTemplate, 'kind' | 'locale'> & { readonly words: Pick<MailTemplate, 'subject' | 'body'> }

/** The mail these words make of the example, as it would arrive. */
export function Preview({ kind, locale, words }: Props) {
  const { t } = useTranslation()
  const [how, setHow] = useState('html')
  const shown = useDeferredValue(words)
  const answer = useQuery({
    queryKey: [previewTemplate.id, kind, locale, shown],
    queryFn: ({ signal }) => call(previewTemplate, { body: { kind, locale, ...shown } }, { signal }),
    placeholderData: (before) => before,
    retry: false,
  })
  const { data } = answer
  return (
    <section className="template-preview" aria-label={t('templates.preview')}>
      <h2>{t('templates.preview')}</h2>
      <NativeSelect
        className="short"
        aria-label={t('templates.preview')}
        value={how}
        onChange={(e) => setHow(e.currentTarget.value)}
        data={[
          { value: 'html', label: t('templates.as-html') },
          { value: 'text', label: t('templates.as-text') },
        ]}
      />
      <ProblemNote error={answer.error} />
      {data && (
        <>
          <p className="template-subject" lang={locale}>
            {data.subject}
          </p>
          {how === 'html' ? (
            // No scripts, no origin: it is a picture of a mail.
            <iframe className="template-page" title={t('templates.preview')} sandbox="" srcDoc={data.html} />
          ) : (
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable
            <pre className="template-text" lang={locale} tabIndex={0}>
              {data.text}
            </pre>
          )}
        </>
      )}
    </section>
  )
}
