export { type Letter, letterOf } from './letter.ts'
export { standardTemplate } from './standard.ts'
export { namesOf, type Template, type TemplateKind, templateKinds, unknownNames, type Values } from './template.ts'
