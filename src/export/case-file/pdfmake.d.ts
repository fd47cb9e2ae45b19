// pdfmake comes without types; these are of what we use.

declare module 'pdfmake' {
  type Margin = [number, number, number, number]
  type Style = {
    fontSize?: number
    bold?: boolean
    color?: string
    margin?: Margin
    preserveLeadingSpaces?: boolean
    headlineLevel?: number
  }
  type Layout = Record<string, (i: number, node: { table: { body: unknown[] } }) => number | string>
  export type Content = Style &
    (
      | { text: string | Content[]; width?: number | string }
      | { stack: Content[] }
      | { canvas: object[] }
      | {
          table: {
            widths: (number | string)[]
            body: Content[][]
            headerRows?: number
            keepWithHeaderRows?: number
            dontBreakRows?: boolean
          }
          layout: Layout
        }
    )
  export type Definition = {
    pageSize: string
    pageMargins: Margin
    defaultStyle: Style & { font: string; lineHeight: number }
    info: Record<string, string>
    content: Content[]
    pageBreakBefore: (node: { headlineLevel?: number; startPosition: { verticalRatio: number } }) => boolean
    footer: (page: number, pages: number) => Style & { columns: Content[] }
  }
  const pdfmake: {
    setUrlAccessPolicy(policy: (url: string) => boolean): void
    setLocalAccessPolicy(policy: (path: string) => boolean): void
    setFonts(fonts: Record<string, Record<'normal' | 'bold' | 'italics' | 'bolditalics', string>>): void
    createPdf(definition: Definition): { getBuffer(): Promise<Buffer> }
  }
  export default pdfmake
}
