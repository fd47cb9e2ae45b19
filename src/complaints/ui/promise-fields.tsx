import './telephone.css'
import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { parseWhen, type When } from '../../language/domain/index.ts'
import { absolute } from '../../web/ui/time.ts'
import { useNow } from '../../web/ui/use-now.ts'
import { useReader } from '../../web/ui/when.tsx'
import type { NewPromise } from '../contract.ts'

/** A promise as typed: `when` in words, as people say dates. */
export type PromiseDraft = { readonly kind: NewPromise['kind']; readonly when: string; readonly text: string }

type Props = {
  readonly value: PromiseDraft
  readonly onChange: (value: PromiseDraft) => void
  /** Takes the promise away again. */
  readonly drop: () => void
}

/** The instant a promise was understood as; null while it is not understood, or is over. */
export function useWhen(draft: PromiseDraft | null): When | null {
  const now = useNow()
  const { zone } = useReader()
  if (!draft) return null
  const found = parseWhen(draft.when, { now, zone })
  return found && found.at > now ? found : null
}

/** The promise as a body takes it (`promise` of note, reply and call); undefined where there is none yet. */
export function promiseBody(draft: PromiseDraft | null, when: When | null): NewPromise | undefined {
  if (!draft || !when) return undefined
  return { kind: draft.kind, text: draft.text, dueAt: new Date(when.at).toISOString(), public: true }
}

/** Alt+P a promise, Alt+B a call back, while typing in any field of what this is spread on; undefined: another key. */
export function promiseKey(
  e: Pick<KeyboardEvent, 'altKey' | 'code' | 'ctrlKey' | 'metaKey'>,
): PromiseDraft | undefined {
  if (!e.altKey || e.ctrlKey || e.metaKey) return undefined
  if (e.code === 'KeyP') return { kind: 'promise', when: '', text: '' }
  return e.code === 'KeyB' ? { kind: 'callback', when: '', text: '' } : undefined
}

/** By when, as people say it, with what was understood beside it, and what. */
export function PromiseFields({ value, onChange, drop }: Props) {
  const { t } = useTranslation()
  const when = useWhen(value)
  const words = useWhenWords()
  return (
    <fieldset className="promise-fields">
      <legend>
        {t(`promise.${value.kind}`)}{' '}
        <button type="button" className="plain link small" tabIndex={-1} onClick={drop}>
          {t('promise.without')}
        </button>
      </legend>
      <TextInput
        label={t('promise.when')}
        placeholder={t('promise.when-example')}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- opened by a key, to go on typing
        autoFocus
        autoComplete="off"
        value={value.when}
        error={value.when.trim() !== '' && !when ? t('promise.not-understood') : undefined}
        onChange={(e) => onChange({ ...value, when: e.currentTarget.value })}
      />
      <p className={when?.unsure ? 'understood unsure' : 'understood'} aria-live="polite">
        {when ? words(when) : ''}
      </p>
      <TextInput
        label={t(`promise.text-${value.kind}`)}
        value={value.text}
        onChange={(e) => onChange({ ...value, text: e.currentTarget.value })}
      />
    </fieldset>
  )
}

/** What was understood, in full, so that it can be said back; a guess says that it is one. */
export function useWhenWords(): (when: When) => string {
  const { t } = useTranslation()
  const reader = useReader()
  return (when) => t(when.unsure ? 'promise.read-unsure' : 'promise.read', { at: absolute(when.at, reader) })
}
