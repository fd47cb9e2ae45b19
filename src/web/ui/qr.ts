import { encode } from 'uqr'

/** White around it, in modules: ISO/IEC 18004 asks for four. */
const quiet = 4

/** `text` as a QR code: the length of a side in modules, and the dark ones as the path of an SVG. */
export function qrOf(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: 'M', border: quiet })
  return { size, path: data.map(darkInRow).join('') }
}

/** One rectangle for every run of dark modules. */
function darkInRow(row: readonly boolean[], y: number): string {
  return [
    ...row
      .map((dark) => (dark ? '#' : ' '))
      .join('')
      .matchAll(/#+/g),
  ]
    .map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)
    .join('')
}
