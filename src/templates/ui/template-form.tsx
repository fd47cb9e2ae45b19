import { Textarea, TextInput } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { namesOf, type TemplateKind } from '../domain/index.ts'

type Words = { readonly subject: string; readonly body: string }
type Props = {
  readonly kind: TemplateKind
  readonly locale: string
  readonly words: Words
  readonly set: (words: Words) => void
  readonly readOnly: boolean
}

/** Subject and words; a name is put in where the cursor stands. */
export function TemplateForm({ kind, locale, words, set, readOnly }: Props) {
  const { t } = useTranslation()
  const body = useRef<HTMLTextAreaElement>(null)
  const put = (name: string) => {
    const box = body.current
    if (!box) return
    box.focus()
    // The browser's own undo knows what was put in this way.
    box.ownerDocument.execCommand('insertText', false, `{{${name}}}`)
  }
  return (
    <div className="stack">
      <TextInput
        label={t('templates.subject')}
        lang={locale}
        maxLength={300}
        readOnly={readOnly}
        value={words.subject}
        onChange={(e) => set({ ...words, subject: e.currentTarget.value })}
      />
      <Textarea
        ref={body}
        label={t('templates.body')}
        lang={locale}
        autosize
        minRows={8}
        maxRows={28}
        maxLength={20_000}
        readOnly={readOnly}
        value={words.body}
        onChange={(e) => set({ ...words, body: e.currentTarget.value })}
      />
      <div>
        <p className="small quiet">{t('templates.names')}</p>
        <ul className="template-names">
          {namesOf[kind].map((name) => (
            <li key={name}>
              {readOnly ? (
                <code>{`{{${name}}}`}</code>
              ) : (
                <button
                  type="button"
                  className="plain link"
                  aria-label={t('templates.put', { name: t(`templates.name.${name}`) })}
                  onMouseDown={(e) => e.preventDefault()}
                  onClick={() => put(name)}
                >
                  <code>{`{{${name}}}`}</code>
                </button>
              )}{' '}
              <span className="small quiet">{t(`templates.name.${name}`)}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
