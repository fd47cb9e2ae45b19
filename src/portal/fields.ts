import { type Content, html, type Safe } from './html.ts'
import type { Errors } from './layout.ts'

type Field = {
  readonly id: string
  readonly label: Content
  readonly hint?: string
  readonly value?: string
  readonly errors?: Errors | undefined
}

/** The error beside a field, under the id `<field>-error`. */
export function fieldError(id: string, errors: Errors | undefined): Content {
  return errors?.[id] && html`<p class="err" id="${id}-error">${errors[id]}</p>`
}

function described(field: Field): Safe {
  const ids = [field.hint && `${field.id}-hint`, field.errors?.[field.id] && `${field.id}-error`].filter(Boolean)
  const by = ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`
  return html`${by}${field.errors?.[field.id] && html` aria-invalid="true"`}`
}

function labelled(field: Field, control: Safe, heading: boolean): Safe {
  const label = html`<label for="${field.id}">${field.label}</label>`
  return html`<div class="f">${heading ? html`<h1>${label}</h1>` : label}
${field.hint && html`<span class="hint" id="${field.id}-hint">${field.hint}</span>`}
${fieldError(field.id, field.errors)}
${control}</div>`
}

/** A question that is the whole page: the label is its heading. */
export function longText(field: Field, options: { heading?: boolean; rows?: number } = {}): Safe {
  // The line break after <textarea> is dropped by browsers; without it the first one of the text would be.
  const control = html`<textarea id="${field.id}" name="${field.id}" rows="${options.rows ?? 7}"${described(field)}>
${field.value}</textarea>`
  return labelled(field, control, options.heading ?? false)
}

export function shortText(field: Field, kind: 'text' | 'email' | 'tel' = 'text', complete = 'off', css = ''): Safe {
  const control = html`<input type="${kind}" id="${field.id}" name="${field.id}" value="${field.value}" autocomplete="${complete}"${css && html` class="${css}" autocapitalize="characters" spellcheck="false"`}${described(field)}>`
  return labelled(field, control, false)
}

export function choice(field: Field, options: readonly { value: string; label: string }[]): Safe {
  const items = options.map(
    (o) => html`<option value="${o.value}"${o.value === (field.value ?? '') && html` selected`}>${o.label}</option>`,
  )
  return labelled(field, html`<select id="${field.id}" name="${field.id}"${described(field)}>${items}</select>`, false)
}

export function tick(id: string, name: string, label: string, checked = false, errors?: Errors): Safe {
  return html`${fieldError(id, errors)}<div class="c"><input type="checkbox" id="${id}" name="${name}" value="yes"${checked && html` checked`}><label for="${id}">${label}</label></div>`
}

export function button(text: string, options: { name?: string; value?: string; second?: boolean } = {}): Safe {
  const named = options.name && html` name="${options.name}" value="${options.value}"`
  return html`<button class="${options.second ? 'btn s' : 'btn'}" type="submit"${named}>${text}</button>`
}

/** The hidden token that proves the form came from our page. */
export function proof(csrf: string): Safe {
  return html`<input type="hidden" name="_csrf" value="${csrf}">`
}

/** A form that posts to the page it is on, never to another place. */
export function form(csrf: string, action: string, body: Content, multipart = false): Safe {
  return html`<form method="post" action="${action}" novalidate${multipart && html` enctype="multipart/form-data"`}>${proof(csrf)}
${body}</form>`
}
