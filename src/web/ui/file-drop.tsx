import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../kit/client/problem-error.ts'
import { upload } from '../../kit/client/upload.ts'
import { problemWords } from './problem-note.tsx'
import { sizeWords } from './size.ts'

type Item = {
  readonly key: number
  readonly name: string
  readonly size: number
  readonly id?: string
  readonly error?: unknown
}
export type FilesState = {
  readonly items: readonly Item[]
  readonly ids: string[]
  readonly busy: boolean
  readonly add: (files: Iterable<File>) => void
  readonly remove: (key: number) => void
}

let nextKey = 1

/** Files stored as soon as they are chosen; what is sent later is only their ids. */
export function useFiles(): FilesState {
  const [items, setItems] = useState<readonly Item[]>([])
  const change = (key: number, part: Partial<Item>) =>
    setItems((all) => all.map((item) => (item.key === key ? { ...item, ...part } : item)))
  const store = async (key: number, file: File) => {
    try {
      change(key, { id: (await upload(file)).id })
    } catch (error) {
      change(key, { error })
    }
  }
  const add = (files: Iterable<File>) => {
    for (const file of files) {
      const key = nextKey++
      setItems((all) => [...all, { key, name: file.name, size: file.size }])
      void store(key, file)
    }
  }
  return {
    items,
    ids: items.flatMap((i) => i.id ?? []),
    busy: items.some((i) => !i.id && !i.error),
    add,
    remove: (key) => setItems((all) => all.filter((i) => i.key !== key)),
  }
}

/** A box that takes files by dropping, pasting or choosing, and shows how each fares. */
export function FileDrop({ files, children }: { files: FilesState; children?: React.ReactNode }) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const take = (e: React.SyntheticEvent, list: FileList | null | undefined) => {
    setOver(false)
    if (!list || list.length === 0) return
    e.preventDefault()
    files.add(Array.from(list))
  }
  return (
    <div
      className={over ? 'drop over' : 'drop'}
      onDragOver={(e) => {
        e.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => take(e, e.dataTransfer.files)}
      onPaste={(e) => take(e, e.clipboardData.files)}
    >
      {children}
      <div className="drop-foot">
        <input
          ref={input}
          type="file"
          multiple
          className="spoken"
          tabIndex={-1}
          aria-label={t('files.add')}
          onChange={(e) => {
            take(e, e.currentTarget.files)
            e.currentTarget.value = ''
          }}
        />
        <button type="button" className="plain link small" onClick={() => input.current?.click()}>
          {t('files.add')}
        </button>
        <span className="quiet small">{t('files.hint')}</span>
      </div>
      <ul className="files" aria-live="polite">
        {files.items.map((item) => (
          <li key={item.key} className={item.error ? 'late' : ''}>
            {item.name}{' '}
            <span className="small quiet">
              {item.error
                ? problemWords(problemOf(item.error), t)
                : item.id
                  ? sizeWords(item.size)
                  : t('files.storing')}
            </span>{' '}
            <button
              type="button"
              className="plain link small"
              aria-label={t('files.remove', { name: item.name })}
              onClick={() => files.remove(item.key)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
