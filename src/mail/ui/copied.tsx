import { useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Something to be put in somewhere else as it stands: shown whole, copied with one press. */
export function Copied({ text, name }: { text: string; name: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <span className="copied">
      <code>{text}</code>
      {/* Copying needs https or localhost; elsewhere it is marked by hand. */}
      {'clipboard' in navigator && (
        <button
          type="button"
          className="plain link small"
          aria-label={t('mailboxes.copy-of', { name })}
          onClick={() => void copy()}
        >
          {t(copied ? 'common.copied' : 'common.copy')}
        </button>
      )}
    </span>
  )
}
