import { neighbours } from './told/neighbours.ts'
import type { Customer, Identity, IdentityKind, Locale } from './types.ts'

/** Reads 'phone:0912-000-101 email:a@example.com' into identities; values hold no spaces. */
function identities(line: string): readonly Identity[] {
  return line.split(' ').map((pair) => {
    const cut = pair.indexOf(':')
    return { kind: pair.slice(0, cut) as IdentityKind, value: pair.slice(cut + 1) }
  })
}

const customer =
  (locale: Locale) =>
  (key: string, name: string, tier: Customer['tier'], who: string, preference?: string): Customer => ({
    key,
    name,
    locale,
    tier,
    identities: identities(who),
    ...(preference === undefined ? {} : { preference }),
  })

const tw = customer('zh-Hant')
const cn = customer('zh-Hans')
const gb = customer('en')

/** Invented people: mail at example.com, telephone numbers that reach nobody. */
export const customers: readonly Customer[] = [
  tw('wu', '吳先生', 'gold', 'phone:0912-000-678 email:wu.k@example.com line:wu_k_678 member:HC-20418', '下午打電話'),
  tw('lin-yijun', '林怡君', 'gold', 'phone:0912-000-101 email:yijun.lin@example.com member:HC-11873'),
  tw('chen-guozhong', '陳國忠', 'standard', 'phone:0912-000-102', '講台語比較好；字要大，請寄紙本'),
  tw('huang-shuhui', '黃淑惠', 'silver', 'phone:0912-000-103 line:shuhui0103 email:shuhui@example.com'),
  tw('tsai-minghan', '蔡明翰', 'standard', 'email:minghan.tsai@example.com facebook:minghan.t'),
  tw('hsu-peiyu', '許珮瑜', 'standard', 'phone:0912-000-105 email:peiyu.hsu@example.com'),
  tw('yang-zhiwei', '楊志偉', 'standard', 'phone:0912-000-106 google:local-guide-yang'),
  tw('kuo-meizhen', '郭美珍', 'silver', 'phone:02-5550-0107 email:meizhen.kuo@example.com'),
  tw('hung-jiawen', '洪嘉雯', 'standard', 'line:jiawen.h phone:0912-000-108'),
  tw('zheng-boren', '鄭博仁', 'standard', 'email:boren@example.org phone:0912-000-109', '只用電子郵件'),
  tw('lai-xiuying', '賴秀英', 'standard', 'phone:02-5550-0110'),
  tw('xie-zongxian', '謝宗憲', 'silver', 'email:accounting@cedar-studio.example phone:0912-000-111'),
  tw('jian-yuting', '簡郁婷', 'standard', 'phone:0912-000-112 email:yuting.j@example.com line:yuting_mama'),
  tw('zeng-wenbin', '曾文彬', 'standard', 'phone:0912-000-113'),
  tw('pan-xiaolan', '潘曉嵐', 'standard', 'email:xiaolan.pan@example.com'),
  tw('ye-chengen', '葉承恩', 'standard', 'phone:0912-000-115 line:chengen_y email:chengen@example.com'),
  cn('wang-fang', '王芳', 'gold', 'phone:138-0000-0201 wechat:wangfang_sh email:wangfang@example.com member:HC-50233'),
  cn('liu-qiang', '刘强', 'standard', 'phone:138-0000-0202'),
  cn('chen-jing', '陈静', 'standard', 'wechat:jing_c phone:138-0000-0203 email:chenjing@example.com'),
  cn('zhao-jianguo', '赵建国', 'silver', 'phone:021-5555-0204', '请打座机，上午在家'),
  cn('xu-lili', '徐丽丽', 'standard', 'wechat:lilixu xiaohongshu:丽丽的小厨房'),
  cn('gu-wei', '顾伟', 'standard', 'email:guwei@example.com phone:138-0000-0206'),
  cn('shen-yuqing', '沈雨晴', 'standard', 'wechat:yuqing_baba phone:138-0000-0207'),
  cn('zhou-min', '周敏', 'silver', 'phone:138-0000-0208 wechat:zhoumin88 email:zhoumin@example.com'),
  cn('huang-lei', '黄磊', 'standard', 'phone:138-0000-0209'),
  cn('tang-xiaoyan', '唐晓燕', 'standard', 'wechat:xiaoyan.t'),
  cn('luo-ming', '罗明', 'standard', 'phone:138-0000-0211 email:luoming@example.com'),
  cn('he-jia', '何佳', 'standard', 'wechat:hejia_0212 phone:138-0000-0212'),
  cn('fan-zhigang', '范志刚', 'standard', 'phone:138-0000-0213'),
  gb('okonkwo', 'Adaeze Okonkwo', 'gold', 'email:adaeze.okonkwo@example.com phone:+44-7700-900301 member:HC-80077'),
  gb('barnes', 'Margaret Barnes', 'standard', 'phone:+44-20-7946-0302', 'Large print; letters, not email'),
  gb('patel', 'Nikhil Patel', 'silver', 'email:nikhil.patel@example.com phone:+44-7700-900303 x:@nikp_se10'),
  gb('oconnor', 'Siobhán O’Connor', 'standard', 'email:siobhan.oc@example.com'),
  gb('fletcher', 'James Fletcher', 'standard', 'email:j.fletcher@example.org phone:+44-7700-900305'),
  gb('mensah', 'Kofi Mensah', 'standard', 'phone:+44-7700-900306 email:kofi.mensah@example.com'),
  gb('lewis', 'Rhiannon Lewis', 'standard', 'facebook:rhi.lewis email:rhi@example.com phone:+44-7700-900307'),
  gb('ahmed', 'Sadia Ahmed', 'standard', 'email:sadia.ahmed@example.com phone:+44-7700-900308'),
  gb('clarke', 'Derek Clarke', 'standard', 'google:derek-c-camden'),
  gb('novak', 'Petra Novak', 'standard', 'email:petra.novak@example.com phone:+44-7700-900310'),
  gb('wright', 'Eleanor Wright', 'silver', 'email:eleanor.wright@example.com phone:+44-7700-900311'),
  gb('hassan', 'Yusuf Hassan', 'standard', 'phone:+44-7700-900312 email:y.hassan@example.com'),
  gb('macleod', 'Fiona MacLeod', 'standard', 'email:fiona.macleod@example.com'),
  ...neighbours,
]
