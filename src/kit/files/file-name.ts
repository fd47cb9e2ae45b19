const MAX_CHARACTERS = 200

/** Characters that take part in no honest name: controls, bidi overrides, zero-width and other invisible ones. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** Device names that Windows opens instead of a file, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=[ .]|$)/i

const EXTENSION = /\.[\p{L}\p{N}_-]{1,16}$/u

/** Extensions a name may keep although file-type calls the format otherwise. */
const SAME_FORMAT: Readonly<Record<string, readonly string[]>> = {
  jpg: ['jpeg', 'jpe', 'jfif'],
  tif: ['tiff'],
  heic: ['heif'],
  mp4: ['m4v', 'm4a'],
  m4a: ['mp4'],
  mp3: ['mpga'],
  mov: ['qt'],
  ogg: ['oga', 'ogv', 'opus'],
  mid: ['midi'],
  zip: ['docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'epub'],
  cfb: ['doc', 'xls', 'ppt', 'msg'],
  txt: ['csv', 'tsv', 'log', 'md', 'json', 'eml', 'vcf', 'ics', 'yml', 'yaml', 'srt'],
}

/**
 * A name that may be shown and saved anywhere: no folder, no invisible or bidi characters, nothing Windows refuses, no
 * dots or spaces at the ends, at most 200 characters with the extension kept; `file` when nothing is left.
 *
 * With `extension` (the true one, from `sniff`), a name that claims another gets it appended: `photo.html` of JPEG bytes
 * becomes `photo.html.jpg`, so that a double click opens what it is.
 */
export function safeFileName(name: string, extension = ''): string {
  const visible = lastPart(name.toWellFormed().replace(INVISIBLE, '').normalize('NFC'))
  const plain = trimEnds(visible.replace(/[<>:"|?*\ufffd]/g, '_').replace(/\s+/g, ' '))
  return withTrueExtension(shortened(notReserved(plain || 'file')), extension)
}

/** RFC 6266 header that always saves and never shows: an ASCII name for the old, RFC 5987 UTF-8 for the rest. */
export function contentDisposition(name: string): string {
  const safe = safeFileName(name)
  const ascii = safe.replace(/[^\x20-\x7e]|["%\\]/gu, '_')
  const encoded = encodeURIComponent(safe).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

function lastPart(path: string): string {
  return path.split(/[/\\]/).findLast((part) => trimEnds(part) !== '') ?? ''
}

function trimEnds(text: string): string {
  return text.replace(/^[\s.]+/u, '').replace(/[\s.]+$/u, '')
}

function notReserved(name: string): string {
  return RESERVED.test(name) ? `_${name}` : name
}

function shortened(name: string): string {
  const characters = [...name]
  if (characters.length <= MAX_CHARACTERS) return name
  const extension = EXTENSION.exec(name)?.[0] ?? ''
  const stem = characters.slice(0, MAX_CHARACTERS - [...extension].length).join('')
  return trimEnds(stem) + extension
}

function withTrueExtension(name: string, extension: string): string {
  if (extension === '') return name
  const claimed = EXTENSION.exec(name)?.[0].slice(1).toLowerCase() ?? ''
  if (claimed === extension || SAME_FORMAT[extension]?.includes(claimed)) return name
  return `${trimEnds([...name].slice(0, MAX_CHARACTERS - 1 - extension.length).join(''))}.${extension}`
}
