declare module 'opencc-js/dict/*' {
  /** Pairs `from to` joined by `|`. */
  const pairs: string
  export default pairs
}
