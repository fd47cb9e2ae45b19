import type { Complaint } from '../types.ts'

const base = { locale: 'zh-Hans', team: 'shanghai', mode: 'named', confidentiality: 'normal' } as const

/** Shanghai: merged or sent on. */
export const shanghaiElsewhere: readonly Complaint[] = [
  {
    ...base,
    key: 'sh-duplicate-liu',
    title: '（重复）刘师傅再次来电催水壶退款',
    body: '又打来催，问钱什么时候退，情绪比上次急。说再不退直接去店里砸柜台。',
    channel: 'phone',
    customer: 'liu-qiang',
    place: 'jingan',
    product: 'K-20',
    order: 'CN-76980',
    issue: 'R6',
    impact: 2,
    likelihood: 4,
    remedySought: '当天退款',
    receivedHoursAgo: 1.5,
    owner: null,
    points: ['催问退款'],
    state: 'merged',
    steps: [
      {
        at: 1.45,
        by: 'sunyue',
        do: 'acknowledge',
        text: '（电话中告知）刘师傅，退款方案已经出来了，主管正在批，今天下班前一定给您打电话，有没有批下来都打。',
      },
      {
        at: 1.4,
        by: 'sunyue',
        do: 'merge',
        into: 'kettle-liuqiang',
        text: '同一件事的催办，并入主案；“砸柜台”是气话，不作为威胁登记，已告知浩然先电话。',
      },
    ],
  },
  {
    ...base,
    key: 'sh-redirect-platform',
    title: '快递员辱骂顾客（第三方快递）',
    body: '快递员在楼下骂我“事儿多”，还把箱子摔在地上。我要投诉这个人！',
    channel: '12345',
    customer: 'anonymous',
    mode: 'anonymous',
    place: 'online-cn',
    issue: 'R9',
    impact: 2,
    likelihood: 2,
    remedySought: '处理快递员',
    receivedHoursAgo: 75,
    owner: null,
    points: ['快递员辱骂并摔货'],
    state: 'redirected',
    steps: [
      {
        at: 74.5,
        by: 'sunyue',
        do: 'acknowledge',
        text: '您好，已通过12345收到。快递员不是我们的员工，但货是我们寄的，摔坏由我们换；请把运单号放到这里。',
      },
      { at: 73, by: 'zhanglei', do: 'assess' },
      {
        at: 72,
        by: 'zhanglei',
        do: 'redirect',
        to: '承运快递公司客服与国家邮政局申诉（12305）',
        text: '您好：辱骂的调查只有快递公司能做，我们已把您同意的内容书面转给该公司，要求{{day:-48}}前书面回复；若您不满意结果，可拨12305向邮政部门申诉。箱子或机器有任何损坏，凭收件码回来，我们直接换。',
      },
    ],
  },
]
