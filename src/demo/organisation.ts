import type { Organisation, Place, Product, Team } from './types.ts'

export const organisation: Organisation = {
  slug: 'harbour',
  name: { zhHant: '海港家電', zhHans: '海港家电', en: 'Harbour Home' },
  termSet: { zhHant: '客訴', zhHans: '投诉', en: 'complaints' },
  mailDomain: 'harbour.example',
  reviewWindowDays: 30,
  handlerLimits: { TWD: 300000, CNY: 50000, GBP: 5000 },
}

const tw = { jurisdiction: 'TW', zone: 'Asia/Taipei', calendar: 'tw-office' } as const
const cn = { jurisdiction: 'CN', zone: 'Asia/Shanghai', calendar: 'cn-office' } as const
const gb = { jurisdiction: 'GB', zone: 'Europe/London', calendar: 'uk-office' } as const

export const places: readonly Place[] = [
  { key: 'xinyi', kind: 'shop', name: { zhHant: '信義店', zhHans: '台北信义店', en: 'Taipei Xinyi' }, ...tw },
  { key: 'banqiao', kind: 'shop', name: { zhHant: '板橋店', zhHans: '板桥店', en: 'Banqiao' }, ...tw },
  {
    key: 'online-tw',
    kind: 'online',
    name: { zhHant: '台灣網路商店', zhHans: '台湾网店', en: 'Online Taiwan' },
    ...tw,
  },
  { key: 'jingan', kind: 'shop', name: { zhHant: '上海靜安店', zhHans: '上海静安店', en: 'Shanghai Jing’an' }, ...cn },
  { key: 'xuhui', kind: 'shop', name: { zhHant: '上海徐匯店', zhHans: '上海徐汇店', en: 'Shanghai Xuhui' }, ...cn },
  { key: 'online-cn', kind: 'online', name: { zhHant: '中國網路商店', zhHans: '线上商城', en: 'Online China' }, ...cn },
  { key: 'camden', kind: 'shop', name: { zhHant: '倫敦肯頓店', zhHans: '伦敦卡姆登店', en: 'London Camden' }, ...gb },
  {
    key: 'greenwich',
    kind: 'shop',
    name: { zhHant: '倫敦格林威治店', zhHans: '伦敦格林尼治店', en: 'London Greenwich' },
    ...gb,
  },
  { key: 'online-gb', kind: 'online', name: { zhHant: '英國網路商店', zhHans: '英国网店', en: 'Online UK' }, ...gb },
]

const product = (code: string, zhHant: string, zhHans: string, en: string): Product => ({
  code,
  kind: code.startsWith('SV-') ? 'service' : 'product',
  name: { zhHant, zhHans, en },
})

export const products: readonly Product[] = [
  product('K-20', '電熱水壺 K-20', '电热水壶 K-20', 'Kettle K-20'),
  product('K-12', '旅行水壺 K-12', '旅行水壶 K-12', 'Travel kettle K-12'),
  product('RC-6', '電子鍋 RC-6', '电饭煲 RC-6', 'Rice cooker RC-6'),
  product('AF-5', '氣炸鍋 AF-5', '空气炸锅 AF-5', 'Air fryer AF-5'),
  product('DH-16', '除濕機 DH-16', '除湿机 DH-16', 'Dehumidifier DH-16'),
  product('AC-28', '分離式冷氣 AC-28', '分体式空调 AC-28', 'Split air conditioner AC-28'),
  product('WM-10', '滾筒洗衣機 WM-10', '滚筒洗衣机 WM-10', 'Washing machine WM-10'),
  product('FR-420', '雙門冰箱 FR-420', '双门冰箱 FR-420', 'Fridge-freezer FR-420'),
  product('VC-9', '掃地機器人 VC-9', '扫地机器人 VC-9', 'Robot vacuum VC-9'),
  product('HD-3', '吹風機 HD-3', '吹风机 HD-3', 'Hair dryer HD-3'),
  product('BW-2', '奶瓶消毒溫奶器 BW-2', '奶瓶消毒温奶器 BW-2', 'Bottle steriliser and warmer BW-2'),
  product('LB-1', '兒童保溫便當盒 LB-1', '儿童保温饭盒 LB-1', 'Children’s lunch flask LB-1'),
  product('TV-55', '55 吋電視 TV-55', '55 英寸电视 TV-55', '55-inch television TV-55'),
  product('CF-7', '全自動咖啡機 CF-7', '全自动咖啡机 CF-7', 'Bean-to-cup coffee machine CF-7'),
  product('SV-INST', '到府安裝', '上门安装', 'Home installation'),
  product('SV-WAR', '延長保固', '延长保修', 'Extended warranty'),
  product('SV-CLUB', '海港會員與點數', '海港会员与积分', 'Harbour Club membership and points'),
]

export const teams: readonly Team[] = [
  {
    key: 'taipei',
    name: { zhHant: '台北客訴組', zhHans: '台北客诉组', en: 'Taipei Complaints' },
    lead: 'yating',
    calendar: 'tw-office',
    zone: 'Asia/Taipei',
    places: ['xinyi', 'banqiao', 'online-tw'],
  },
  {
    key: 'shanghai',
    name: { zhHant: '上海投訴組', zhHans: '上海投诉组', en: 'Shanghai Complaints' },
    lead: 'zhanglei',
    calendar: 'cn-office',
    zone: 'Asia/Shanghai',
    places: ['jingan', 'xuhui', 'online-cn'],
  },
  {
    key: 'london',
    name: { zhHant: '倫敦客戶關懷組', zhHans: '伦敦客户关怀组', en: 'London Care' },
    lead: 'tom',
    calendar: 'uk-office',
    zone: 'Europe/London',
    places: ['camden', 'greenwich', 'online-gb'],
  },
]
