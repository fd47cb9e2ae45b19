import type { Template, TemplateKind } from './template.ts'

type Written = Readonly<Record<TemplateKind, Template>>

const zhHant: Written = {
  acknowledgement: {
    subject: '[{{number}}] 已收到您的來信：{{title}}',
    body: `{{name}} 您好：

我們已經收到您的來信，案件編號是 **{{number}}**。

我們的理解是：
{{points}}

承辦人員：{{owner}}
負責單位：{{team}}
我們最晚在 {{promised}} 回覆您。

如果有需要補充或更正的地方，直接回覆這封信就可以。

--
{{signature}}
{{organisation}}
案件編號: {{number}} ({{reference}})
查詢處理進度或補充資料: {{link}}`,
  },
  reply: {
    subject: '[{{number}}] {{title}}',
    body: `{{text}}

--
{{signature}}
案件編號: {{number}} ({{reference}})
查詢處理進度或補充資料: {{link}}`,
  },
  notice: {
    subject: '{{organisation}}：系統通知',
    body: `{{text}}

--
{{signature}}
{{organisation}}
這封信由系統自動寄出。`,
  },
}

const zhHans: Written = {
  acknowledgement: {
    subject: '[{{number}}] 已收到您的来信：{{title}}',
    body: `{{name}}，您好：

我们已收到您的来信，工单编号为 **{{number}}**。

我们的理解是：
{{points}}

处理人：{{owner}}
负责部门：{{team}}
我们最迟在 {{promised}} 回复您。

如需补充或更正，直接回复这封邮件即可。

--
{{signature}}
{{organisation}}
工单编号: {{number}} ({{reference}})
查询处理进度或补充材料: {{link}}`,
  },
  reply: {
    subject: '[{{number}}] {{title}}',
    body: `{{text}}

--
{{signature}}
工单编号: {{number}} ({{reference}})
查询处理进度或补充材料: {{link}}`,
  },
  notice: {
    subject: '{{organisation}}：系统通知',
    body: `{{text}}

--
{{signature}}
{{organisation}}
本邮件由系统自动发送。`,
  },
}

const en: Written = {
  acknowledgement: {
    subject: '[{{number}}] We have received your complaint: {{title}}',
    body: `Dear {{name}},

We have received your mail. Its reference is **{{number}}**.

This is how we understand it:
{{points}}

Who looks after it: {{owner}}
Team: {{team}}
You will hear from us by {{promised}}.

If anything is missing or wrong, just answer this mail.

--
{{signature}}
{{organisation}}
Reference: {{number}} ({{reference}})
Follow it or add to it: {{link}}`,
  },
  reply: {
    subject: '[{{number}}] {{title}}',
    body: `{{text}}

--
{{signature}}
Reference: {{number}} ({{reference}})
Follow it or add to it: {{link}}`,
  },
  notice: {
    subject: '{{organisation}}: a notice',
    body: `{{text}}

--
{{signature}}
{{organisation}}
This mail was sent automatically.`,
  },
}

const standards: Readonly<Record<string, Written>> = { 'zh-Hant': zhHant, 'zh-Hans': zhHans, en }

/** What is said where an organisation has written nothing of its own; English for a language nobody knows. */
export function standardTemplate(kind: TemplateKind, locale: string): Template {
  return (standards[locale] ?? en)[kind]
}
