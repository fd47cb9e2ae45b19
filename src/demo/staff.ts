import type { Locale, RoleCode, Staff, Zone } from './types.ts'

type Where = { locale: Locale; zone: Zone }
const taipei: Where = { locale: 'zh-Hant', zone: 'Asia/Taipei' }
const shanghai: Where = { locale: 'zh-Hans', zone: 'Asia/Shanghai' }
const london: Where = { locale: 'en', zone: 'Europe/London' }

const person = (
  key: string,
  name: string,
  title: string,
  roles: readonly RoleCode[],
  team: string | null,
  where: Where,
  more: { manager?: string; place?: string } = {},
): Staff => ({ key, name, title, mail: `${key}@harbour.example`, roles, team, ...where, ...more })

/** The cast. The administrator configures and reads no case; the executive sees numbers; the auditor reads, never writes. */
export const staff: readonly Staff[] = [
  person('meilin', '林美琳', '客訴專員', ['handler'], 'taipei', taipei, { manager: 'yating' }),
  person('jiahao', '張家豪', '客訴專員', ['handler'], 'taipei', taipei, { manager: 'yating' }),
  person('shufen', '王淑芬', '話務人員', ['intake_operator'], 'taipei', taipei, { manager: 'yating' }),
  person('yating', '陳雅婷', '台北客訴組長', ['team_lead', 'approver'], 'taipei', taipei, { manager: 'vivian' }),
  person('azhe', '黃俊哲（阿哲）', '品保工程師', ['specialist'], 'taipei', taipei, { manager: 'kexin' }),
  person('guanyu', '劉冠宇', '信義・板橋區店長', ['department_respondent'], null, taipei, {
    place: 'xinyi',
    manager: 'vivian',
  }),
  person('zhengxiong', '蔡正雄', '板橋店副店長', ['department_respondent'], null, taipei, {
    place: 'banqiao',
    manager: 'guanyu',
  }),
  person('limin', '李敏', '投诉专员', ['handler'], 'shanghai', shanghai, { manager: 'zhanglei' }),
  person('haoran', '周浩然', '投诉专员', ['handler'], 'shanghai', shanghai, { manager: 'zhanglei' }),
  person('sunyue', '孙悦', '热线坐席', ['intake_operator'], 'shanghai', shanghai, { manager: 'zhanglei' }),
  person('zhanglei', '张磊', '上海投诉组主管', ['team_lead', 'approver'], 'shanghai', shanghai, { manager: 'vivian' }),
  person('majun', '马骏', '静安店店长', ['department_respondent'], null, shanghai, {
    place: 'jingan',
    manager: 'vivian',
  }),
  person('kexin', '苏可欣', '质量改进经理', ['improvement_owner'], null, shanghai, { manager: 'vivian' }),
  person('priya', 'Priya Nair', 'Care adviser', ['handler'], 'london', london, { manager: 'tom' }),
  person('callum', 'Callum Reid', 'Care adviser', ['handler', 'intake_operator'], 'london', london, { manager: 'tom' }),
  person('tom', 'Tom Whitfield', 'London Care lead', ['team_lead', 'approver'], 'london', london, {
    manager: 'vivian',
  }),
  person('dan', 'Dan Hughes', 'Camden shop manager', ['department_respondent'], null, london, {
    place: 'camden',
    manager: 'vivian',
  }),
  person('jianhong', '何建宏', '第二階段覆核', ['stage2_reviewer'], null, taipei, { manager: 'vivian' }),
  person('helen', 'Helen Marsh', 'Stage-two reviewer', ['stage2_reviewer', 'qa_reviewer'], null, london, {
    manager: 'vivian',
  }),
  person('robert', '羅伯宏', '法遵稽核', ['compliance_auditor'], null, taipei),
  person('vivian', '沈維安 Vivian Shen', '營運長', ['executive'], null, taipei),
  person('zhiming', '許志明', '系統管理', ['administrator'], null, taipei, { manager: 'vivian' }),
  person('shop-orders', '訂單系統', '訂單與物流介接', ['integration'], null, taipei),
]
