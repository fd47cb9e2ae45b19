import type { Customer, Locale } from '../types.ts'

/** Those who complain in `*.txt`, by key. Names as they gave them: some gave a nickname. */
const names: Readonly<Record<Locale, string>> = {
  'zh-Hant': `hsieh-mei 謝美 | ke-yuchun 柯郁淳 | tu-ayi 杜阿姨 | ruan-zhihao 阮志豪 | hou-jinlong 侯金龍 | fu-jiaqi 傅佳琪 |
    lu-peishan 呂佩珊 | mo-tingting 莫婷婷 | gan-yiwen 甘怡文 | yan-xiaowei 顏小薇 | pu-laoshi 卜老師 | ou-jianfeng 歐建峰 |
    weng-zhengda 翁正達 | nie-taitai 聶太太 | qiu-haoyu 邱浩宇 | sheng-ms 盛小姐 | dai-minghui 戴明慧 | tiger-hong Tiger Hong |
    liao-suzhen 廖素貞 | bao-xiansheng 包先生 | kang-mama 康媽媽 | xi-zhenyu 席振宇 | gong-bobo 龔伯伯 | guest-0619 訪客0619 |
    bi-yaling 畢雅玲 | shi-wenhsuan 史文軒 | rong-laoxiansheng 容老先生 | lan-yirou 藍依柔 | mai-xiaojie 麥小姐 |
    ning-guorui 寧國瑞 | shan-office 單會計 | ye-ayi 葉阿姨 | hsiang-bb 向小姐 | jojo-taipei jojo_taipei | tao-minxiong 陶敏雄 |
    ji-anan 紀安安 | bai-xs 白先生 | user-lo 羅先生 | chu-yingying 褚盈盈 | sung-arch 宋建築師 | liang-nainai 梁奶奶 |
    buyer-9921 買家9921 | yin-chengxun 尹承勳 | zhan-kelvin 詹 Kelvin | tsui-mama 崔小姐 | jin-datong 金大同 |
    pei-ruolin 裴若琳 | shen-yimei 沈怡美 | tseng-lihua 曾麗華 | jian-laoban 簡老闆`,
  'zh-Hans': `ding-ran 丁然 | bao-shifu 鲍师傅 | kitchen-anna 安娜的厨房 | qian-zhiyuan 钱志远 | mei-ayi 梅阿姨 | ke-ke 可可 |
    jin-lan 金兰 | shi-lei 石磊 | old-gu 顾老伯 | meng-q 孟琪 | yao-ayi 姚阿姨 | xiao-tao 小桃 | rui-cai 瑞彩财务 |
    cao-sister 曹大姐 | tb-lanlan 蓝蓝 | lu-shimin 陆先生 | fang-yan 方妍 | ji-lao 纪存厚 | momo-sh momo在上海 | duan-fei 段飞 |
    tan-jie 谭姐 | gao-hr 高经理 | ning-ning 宁宁 | user-778 用户778 | ren-dage 任大哥 | shao-xin 邵欣 | wan-nainai 万奶奶 |
    zhuo-min 卓敏 | ping-ping 萍萍 | professor-he 何教授 | lin-dan 林丹丹 | bu-chi-la 不吃辣 | xiaoman-ma 小满妈妈 |
    qiao-laoshi 乔老师 | jiang-yuan 蒋媛 | su-mei 苏梅 | tao-lawyer 陶律师 | hotel-yu 余经理 | hua-hua 花花 | lao-wei 老魏 |
    user-1024 用户1024 | cai-ayi 蔡阿姨 | zuo-qi 左琪`,
  en: `tanaka Yuki Tanaka | adeyemi Tunde Adeyemi | ferreira Inês Ferreira | gaskell Lee Gaskell | dunne Aoife Dunne |
    railcard_rob Rob Marsh-Hill | pemberton Charles Pemberton | mcallister Mr McAllister | kowalczyk Ania Kowalczyk |
    local-ann Ann Tovey | hargreaves W. Hargreaves | osei Kwame Osei | lindqvist Karin Lindqvist | bhatt Mrs Bhatt |
    castellano Marco Castellano | yeboah Grace Yeboah | whitcombe Simon Whitcombe | chukwu Ngozi Chukwu |
    ravenscroft Jane Ravenscroft | shaz Shazad M. | eastwood Mrs Eastwood | fitzgerald Nuala Fitzgerald |
    nakamura Ken Nakamura | jonesy88 Gareth Jones | al-rashid Omar Al-Rashid | trading-standards Trading Standards (Camden) |
    obrien-p Pat O’Brien | delacroix Élodie Delacroix | moyo Farai Moyo | abernathy Mr Abernathy | vandermeer Saskia van der Meer |
    silva-m Miguel Silva | okafor Chidi Okafor | prendergast Hugh Prendergast | mbeki Thandi Mbeki | hollis Ms Hollis |
    bianchi Luca Bianchi | thistlewood Rosemary Thistlewood | teeside_tom Tom Garbutt | cavendish Dr Cavendish |
    winterbourne Edith Winterbourne | sandhu Mr Sandhu`,
}

/** Numbers that reach nobody, as the other customers have. */
const phones: Readonly<Record<Locale, (no: number) => string>> = {
  'zh-Hant': (no) => `0912-000-${200 + no}`,
  'zh-Hans': (no) => `138-0000-0${300 + no}`,
  en: (no) => `+44-7700-900${400 + no}`,
}
const chats = { 'zh-Hant': 'line', 'zh-Hans': 'wechat', en: 'x' } as const

/** Who complains in the told complaints: invented people, mail at example.com. */
export const neighbours: readonly Customer[] = (['zh-Hant', 'zh-Hans', 'en'] as const).flatMap((locale) =>
  names[locale].split('|').map((one, i): Customer => {
    const [, key = '', name = ''] = /^\s*(\S+)\s+([^]*?)\s*$/.exec(one) ?? []
    const kinds = [
      { kind: 'phone', value: phones[locale](i) },
      { kind: 'email', value: `${key.replaceAll('_', '.')}@example.com` },
      { kind: chats[locale], value: `hh.${key}` },
    ] as const
    return { key, name, locale, tier: i % 7 === 3 ? 'silver' : 'standard', identities: kinds.slice(0, 2 + (i % 2)) }
  }),
)
