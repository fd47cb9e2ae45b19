import { Checkbox } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { upload } from '../../../kit/client/upload.ts'
import { ProblemNote } from '../../../web/ui/problem-note.tsx'
import type { CallForm } from './call-form.ts'

type Props = { readonly form: CallForm; readonly set: (part: Partial<CallForm>) => void }

/** The recording of the call: stored as soon as it is chosen, played in place, with whether they were told of it. */
export function RecordingField({ form, set }: Props) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [storing, setStoring] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    setStoring(true)
    setError(null)
    try {
      const { id, name } = await upload(file)
      set({ recording: { id, name, consent: form.recording?.consent ?? false } })
    } catch (failed) {
      setError(failed)
    } finally {
      setStoring(false)
    }
  }
  const { recording } = form
  return (
    <div className="recording">
      <input
        ref={input}
        type="file"
        accept="audio/*"
        className="spoken"
        tabIndex={-1}
        aria-label={t('call.attach-recording')}
        onChange={(e) => {
          void take(e.currentTarget.files?.[0])
          e.currentTarget.value = ''
        }}
      />
      {recording ? (
        <>
          <p className="row-flex">
            <span>{t('call.recording-of', { name: recording.name })}</span>
            <button type="button" className="plain link small" onClick={() => set({ recording: null })}>
              {t('call.recording-remove')}
            </button>
          </p>
          {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- what was said is being written down above it */}
          <audio
            controls
            preload="none"
            src={`/api/v1/attachments/${recording.id}/audio`}
            aria-label={t('call.recording')}
          />
          <Checkbox
            label={t('call.consent-asked')}
            checked={recording.consent}
            onChange={(e) => set({ recording: { ...recording, consent: e.currentTarget.checked } })}
          />
        </>
      ) : (
        <button type="button" className="plain link small" disabled={storing} onClick={() => input.current?.click()}>
          {t(storing ? 'call.recording-storing' : 'call.attach-recording')}
        </button>
      )}
      <ProblemNote error={error} />
    </div>
  )
}
