/** The filters a line of text can say, in the order in which they are written. */
export const filterNames = [
  'view',
  'due',
  'open',
  'state',
  'waitingFor',
  'ownerId',
  'teamId',
  'placeId',
  'jurisdiction',
  'productId',
  'customerId',
  'type',
  'severity',
  'flag',
  'channel',
  'mode',
  'restricted',
  'outcome',
  'remedy',
  'receivedFrom',
  'receivedTo',
] as const
export type FilterName = (typeof filterNames)[number]
export type FilterValues = { readonly [N in FilterName]?: string }

/** Words for one thing: first the one that is written, in zh-Hant, zh-Hans and en; then others that are understood. */
export type ThreeWords = readonly [zhHant: string, zhHans: string, en: string, ...others: string[]]

/** Both ends of the period are said with one word: 收件:2026-01-01..2026-01-31. */
export const fieldWords: Readonly<Record<Exclude<FilterName, 'receivedTo'>, ThreeWords>> = {
  view: ['檢視', '视图', 'view'],
  due: ['到期', '到期', 'due'],
  open: ['範圍', '范围', 'scope', 'open'],
  state: ['狀態', '状态', 'state', 'status'],
  waitingFor: ['等待', '等待', 'waiting', '等'],
  ownerId: ['負責', '负责', 'owner', '主辦', '主办', '負責人', '负责人', 'assignee'],
  teamId: ['團隊', '团队', 'team'],
  placeId: ['據點', '网点', 'place', '門市', '门店', '地點', '地点'],
  jurisdiction: ['法域', '法域', 'jurisdiction', '轄區', '辖区'],
  productId: ['產品', '产品', 'product'],
  customerId: ['申訴人', '投诉人', 'customer', '客戶', '客户', '顧客', '顾客', 'complainant'],
  type: ['類型', '类型', 'type'],
  severity: ['嚴重度', '严重程度', 'severity', '嚴重', '严重'],
  flag: ['標記', '标记', 'flag'],
  channel: ['管道', '渠道', 'channel'],
  mode: ['具名', '实名', 'named'],
  restricted: ['限閱', '限阅', 'restricted'],
  outcome: ['結果', '结果', 'outcome'],
  remedy: ['處理方案', '处理方案', 'remedy', '方案'],
  receivedFrom: ['收件', '收件', 'received'],
}

/** What is named the same in every organisation. */
export const fixedWords: { readonly [N in FilterName]?: Readonly<Record<string, ThreeWords>> } = {
  view: {
    mine: ['我的', '我的', 'mine'],
    team: ['我的團隊', '我的团队', 'my-team'],
    unassigned: ['未指派', '未分派', 'unassigned'],
    review: ['等待覆核', '等待复核', 'to-review'],
    all: ['全部', '全部', 'all'],
  },
  due: {
    overdue: ['逾時', '超时', 'overdue', '已逾時', '已超时', 'late'],
    soon: ['即將到期', '即将到期', 'due-soon', 'soon'],
  },
  open: {
    true: ['進行中', '进行中', 'ongoing', 'open', 'true'],
    false: ['已結束', '已结束', 'ended', 'false'],
    any: ['含已結束', '含已结束', 'any'],
  },
  state: {
    received: ['已收件', '已收件', 'received'],
    acknowledged: ['已受理', '已受理', 'acknowledged'],
    assessed: ['已評估', '已评估', 'assessed'],
    assigned: ['已指派', '已分派', 'assigned'],
    investigating: ['調查中', '调查中', 'investigating'],
    awaiting_info: ['等待資料', '等待资料', 'awaiting-info'],
    proposal: ['研擬方案', '拟定方案', 'proposal'],
    approval: ['待核准', '待审批', 'awaiting-approval', 'approval'],
    approved: ['已核准', '已审批', 'approved'],
    wrote_again: ['對方又來信', '对方又来信', 'wrote-again'],
    decided: ['已決定', '已决定', 'decided'],
    responded: ['已答覆', '已答复', 'answered', 'responded'],
    remedy_in_progress: ['方案執行中', '方案执行中', 'remedy-under-way'],
    follow_up: ['回訪中', '回访中', 'follow-up'],
    closed: ['已結案', '已结案', 'closed'],
    review: ['覆核中', '复核中', 'under-review', 'review'],
    final: ['最終決定', '最终决定', 'final'],
    external: ['外部爭議處理中', '外部争议处理中', 'outside-body', 'external'],
    withdrawn: ['已撤回', '已撤回', 'withdrawn'],
    redirected: ['已轉介', '已转介', 'redirected'],
    merged: ['已併案', '已并案', 'merged'],
  },
  waitingFor: {
    customer: ['申訴人', '投诉人', 'complainant', 'customer', '顧客', '顾客', '客戶', '客户'],
    internal: ['內部同仁', '内部同事', 'colleague', 'internal', '同仁', '同事', '內部', '内部'],
    third_party: ['第三方', '第三方', 'third-party'],
  },
  severity: {
    critical: ['緊急', '紧急', 'critical'],
    high: ['高', '高', 'high'],
    medium: ['中', '中', 'medium'],
    low: ['低', '低', 'low'],
    unassessed: ['尚未評估', '尚未评估', 'not-assessed', '未評估', '未评估'],
  },
  mode: {
    named: ['具名', '实名', 'named'],
    confidential: ['保密', '保密', 'confidential'],
    anonymous: ['匿名', '匿名', 'anonymous'],
  },
  restricted: {
    true: ['是', '是', 'yes'],
    false: ['否', '否', 'no'],
  },
}

/** Whoever reads. */
export const meWords: ThreeWords = ['我', '我', 'me']
