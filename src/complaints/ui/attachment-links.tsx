import { useTranslation } from 'react-i18next'
import { downloadAddress } from '../../kit/client/upload.ts'
import { sizeWords } from '../../web/ui/size.ts'
import type { ComplaintPage } from '../contract.ts'

type File = ComplaintPage['attachments'][number]

export function AttachmentLinks({ files }: { files: readonly File[] }) {
  const { t } = useTranslation()
  if (files.length === 0) return null
  return (
    <ul className="files">
      {files.map((file) => (
        <li key={file.id}>
          <a className="file" href={downloadAddress(file.id)} target="_blank" rel="noreferrer">
            {file.name} <span className="quiet small">{sizeWords(file.size)}</span>
          </a>
          {file.stripped && file.mediaType.startsWith('image/') && (
            <span className="quiet small"> {t('attachments.stripped')}</span>
          )}
        </li>
      ))}
    </ul>
  )
}
