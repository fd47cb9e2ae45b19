/** Each language under its own name. */
export const languageNames = { 'zh-Hant': '繁體中文', 'zh-Hans': '简体中文', en: 'English' } as const
