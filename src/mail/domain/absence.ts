// Automatic answers that carry no header saying so: known by their subject, or by words that somebody who is away has
// set up. A person who writes about an automatic reply, or was away when the parcel came, is not automatic.

const titles =
  /^\s*(?:[[【(（]?\s*(?:auto(?:matic|mated)?[ -]?(?:reply|response|answer)|autoreply|out of (?:the )?office|ooo|abwesen(?:d|heit)(?:s(?:notiz|nachricht|assistent))?|automatische (?:antwort|abwesenheitsmeldung)|réponse automatique|absence du bureau|respuesta automática|fuera de (?:la )?oficina|risposta automatica|resposta automática|automatisch antwoord|automatiskt svar|autosvar|自動(?:回覆|回复|答覆|應答|応答|返信)|自动(?:回复|答复|应答)|系統自動回(?:覆|應)|系统自动回复|不在(?:通知|のお知らせ|連絡)|休假(?:通知|自動回覆)|外出(?:自動回覆|通知))\s*)\s*(?:[:：\]】)）]|—|–|\s-\s)/iu
const wholeTitle =
  /^\s*(?:out of (?:the )?office(?: auto-?reply)?|abwesenheitsnotiz|不在(?:通知|のお知らせ)|automatic reply|自動回覆|自动回复|自動応答)\s*[!.！。]?\s*$/iu

/** Whether the subject is one that only machines write. */
export function absenceSubject(subject: string): boolean {
  const start = subject.slice(0, 300)
  return titles.test(start) || wholeTitle.test(start)
}

/** A machine speaks of itself, at the start of a line. */
const machine =
  /^[\s*【[(（]*(?:this is an automat(?:ic|ed) (?:reply|response|e-?mail|message)|(?:此|這|本)(?:為|是|信|郵件|信件|訊息)?(?:件)?(?:為|是|由)?系統?自動(?:回覆|發送|發出)|此(?:郵件|信件|信)(?:為|是|由)系統自動|这是(?:一封)?(?:系统)?自动(?:回复|发送)|本邮件(?:为|是|由)(?:系统)?自动|(?:この|本)メールは.{0,12}自動(?:返信|応答|配信|送信)|dies ist eine automatisch(?:e|\s+generierte)|ceci est (?:une réponse|un message) automatique|este es un mensaje automático)/iu
/** Somebody says to be away … */
const away =
  /\bI(?:'m| am| will be|'ll be) (?:currently |presently )?(?:out of (?:the |my )?office|away from (?:the office|my desk|my e-?mail)|on (?:annual |parental |maternity |sick )?leave|on (?:vacation|holiday))\b|\bich bin (?:derzeit |zurzeit |zur Zeit |momentan |aktuell |vom |bis |ab |am |im |außer)[^\n]{0,60}(?:nicht (?:im (?:Büro|Hause)|erreichbar)|abwesend|im Urlaub|außer Haus)|\bich bin (?:nicht im (?:Büro|Hause)|abwesend|im Urlaub|außer Haus)|(?:我|本人)(?:目前|現在|现在|正在|將|将|於|于|自|從|从)?[^。\n]{0,20}(?:不在(?:辦公室|办公室|公司|座位)|休(?:年|產|产|特)?假|[年特產产]休?假|育嬰假|請假|请假|出[國国差]|外出)|不在(?:に(?:して|し)|と(?:なって|なり)|オフィス)|(?:休暇|出張)(?:を(?:いただ|頂)|中|のため)|je suis (?:actuellement )?(?:absente?|en congés?|hors du bureau)|estoy (?:actualmente )?(?:fuera de la oficina|de vacaciones)/iu
/** … and until when, or whom to ask meanwhile. */
const until =
  /\b(?:until|till|back (?:on|in)|return(?:ing)? (?:on|to)|in (?:urgent|my absence)|urgent (?:matters?|cases?|issues?)|limited access|bis (?:zum|einschließlich|\d)|ab dem|wieder (?:erreichbar|im Büro|da)|dringende[nr]?|jusqu'au|de retour|en cas d'urgence|hasta el)\b|(?:返回|回到|回來|回来|恢復上班|銷假|销假|如有(?:急事|緊急|紧急|要事)|急事|緊急(?:事項|事件|聯絡)|紧急|代理人|請聯絡|请联系|至\s*\d|まで|戻り|お急ぎ|緊急の)/iu
const longest = 900

/** Whether these words are an automatic answer: short, and a machine or an absence speaks in their first lines. */
export function absenceIn(newText: string): boolean {
  const text = newText.trim()
  if (text === '' || text.length > longest) return false
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.slice(0, 3).some((line) => machine.test(line)) || machine.test(lines.at(-1) ?? '')) return true
  const start = lines.slice(0, 5).join('\n')
  return away.test(start) && until.test(text) && !asks.test(text)
}

/** Who asks, or names an order, wants something: a person. */
const asks =
  /[?？]|\b(?:call me|broken?|damaged|still (?:not|no|waiting)|order|parcel|invoice|refund|complain\w*|delivery|deliver)\b|訂單|订单|退款|退貨|退货|客訴|投訴|投诉|申訴|包裹|配送|送貨|送货|送[達达]|在家|[還还]沒|还没|[壞坏]了|注文|返金|苦情|bestellung|lieferung|rechnung|beschwerde/iu
