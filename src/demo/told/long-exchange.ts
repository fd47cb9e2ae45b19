import type { Step } from '../types.ts'

/** 包先生's air conditioner, word for word: c what he wrote, s what he was answered. */
const lines = `
c 照片一：滴水的位置，室內機右邊。
s 看到了，謝謝。水是一直滴還是開一陣子才滴？
c 開半小時以後
c 開除濕比較快
s 了解。我請師傅帶水平尺，週三下午兩點到四點可以嗎？
c 週三我要上班
c 週四早上
s 週四早上九點到十一點，師傅姓魏。
c 好
c 那個聲音也要看喔
s 有寫在派工單上：「夜間喀喀聲」。
c 昨天晚上錄到了（語音 0:14）
s 聽到了，大約每三秒一次，像塑膠件卡到。
c 對！就是這個
c 我太太說是我打呼 不是我
s 我們站在您這邊 🙂 錄音存進案件了。
c 師傅到了
s 好，有什麼狀況隨時跟我說。
c 他說管子太平水流不出去
c 要拉新的 今天沒料
s 抱歉，應該一次備齊的。我查一下料什麼時候有。
s 料明天到倉，週六早上可以嗎？
c 週六可以 早一點
s 週六八點半，同一位魏師傅。
c 聲音他沒有處理欸 說「沒聽到」
s 因為白天沒出現。我把錄音傳給他，週六他會拆導風板看。
c 好吧
c 今天先用臉盆接水（照片）
s 盆子下面墊一條毛巾比較不會濺。這樣子很委屈您，抱歉。
c 臉盆滿了兩次
s 先開送風不開冷氣，應該會慢下來。
c 有比較慢
c 可是很熱
s 我知道。我跟門市借一台電風扇，今天下午請司機順路送去，用完再收回。
c 收到風扇了 謝謝 這個不用錢吧
s 不用錢，也不用簽什麼。
c 師傅週六會來吧
s 會，我週六也上班，八點我會先打給他。
c 八點半了
c 還沒來
s 在樓下找停車位，剛跟他通過電話。
c 看到了
c 管子換好了 目前沒滴
s 太好了。請先開兩小時除濕試試看。
c 一小時 沒滴
c 兩小時 沒滴 👍
s 聲音呢？
c 他拆下來說卡扣斷一個 沒有零件
s 零件我下單了，週二到。卡扣斷掉的話先不要開上下擺動，就不會響。
c 真的 關掉擺動就沒聲音了
c 原來不是鬼
s 不是鬼，是卡扣。
c 哈哈
c 週二誰來？
s 一樣魏師傅，週二晚上七點，不用請假。
c 七點好
c 你們晚上也上班喔
s 這次是特別請他跑的，因為您已經請過一次假了。
c 有心
c 裝好了 開擺動 沒聲音
s 我等一個晚上，明天再問您。
c 昨晚很安靜 太太說現在可以確定是我打呼了
s 恭喜，也辛苦太太了。那我把兩件事的結果寫成正式回覆給您。
c 可以 寫短一點就好
`

/** The exchange as steps, over about two weeks of working hours. */
export function exchange(owner: string): Step[] {
  const said = lines.trim().split('\n')
  return said.map((line, i): Step => {
    const at = 3 + i * 1.75
    const text = line.slice(2)
    return line.startsWith('c') ? { at, do: 'customer_message', text } : { at, by: owner, do: 'reply', text }
  })
}
