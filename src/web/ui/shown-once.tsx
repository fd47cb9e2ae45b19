import { useState } from 'react'
import { useTranslation } from 'react-i18next'

type Props = {
  /** What it is, read aloud before it. */
  label: string
  /** One value, or several that are kept one a line. */
  text: string | readonly string[]
}

/** Something that is shown now and never again: set apart, and copied with one press. */
export function ShownOnce({ label, text }: Props) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const whole = typeof text === 'string' ? text : text.join('\n')
  const copy = () =>
    navigator.clipboard.writeText(whole).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <div className="once" role="group" aria-label={label}>
      {typeof text === 'string' ? (
        <code>{text}</code>
      ) : (
        <ul>
          {text.map((line) => (
            <li key={line}>
              <code>{line}</code>
            </li>
          ))}
        </ul>
      )}
      {/* Copying needs https or localhost; elsewhere it is marked by hand. */}
      {'clipboard' in navigator && (
        <button type="button" className="plain link small" onClick={() => void copy()}>
          {t(copied ? 'common.copied' : 'common.copy')}
        </button>
      )}
    </div>
  )
}
