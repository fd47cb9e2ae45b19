import { qrOf } from './qr.ts'

/** A QR code of `text`, drawn here: what it holds leaves the browser for nowhere. Dark on white in either appearance. */
export default function QrCode({ label, text }: { label: string; text: string }) {
  const { size, path } = qrOf(text)
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <path className="ground" d={`M0 0h${size}v${size}H0z`} />
      <path className="dark" d={path} />
    </svg>
  )
}
