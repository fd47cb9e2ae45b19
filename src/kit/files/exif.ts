const ORIENTATION = 0x0112
const SHORT = 3

/** The Orientation (2–8) a TIFF block names in its first directory; undefined when upright, absent or unreadable. */
export function orientationOf(tiff: Buffer): number | undefined {
  const order = tiff.toString('latin1', 0, 4)
  if (order !== 'II*\0' && order !== 'MM\0*') return undefined
  const little = order === 'II*\0'
  const short = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const directory = tiff.length < 8 ? 0 : little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  if (directory < 8 || directory + 2 > tiff.length) return undefined
  const last = Math.min(directory + 2 + short(directory) * 12, tiff.length)
  for (let entry = directory + 2; entry + 12 <= last; entry += 12) {
    if (short(entry) !== ORIENTATION) continue
    const value = short(entry + 2) === SHORT ? short(entry + 8) : 1
    return value >= 2 && value <= 8 ? value : undefined
  }
  return undefined
}

/** A TIFF block of 26 bytes that holds this Orientation and nothing else: pictures stay upright, all else is gone. */
export function orientationOnly(orientation: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex')
  tiff.writeUInt16BE(orientation, 18)
  return tiff
}

/** EXIF with or without its `Exif\0\0` prefix, as JPEG has it and WebP often does. */
export function tiffOf(exif: Buffer): Buffer {
  return exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif
}
