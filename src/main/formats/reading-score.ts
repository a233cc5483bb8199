// How much a text reads like one that somebody wrote: the mean over its letters beyond ASCII, each by how common it is
// and whether it stands beside letters of its kind. Bytes read in a wrong code page give rare letters and signs.

/** What the names of classes, files and folders are made of in Korean. */
const commonHangul = new Set(
  '가각간갈감갑값강개객갱거건걸검겁게겨격견결경계고곡곤골곰공과관광괴교구국군굴궁권귀규균귤그극근글금급기긴길김깃까깨꽃꿀끈끼나낙난날남납낭내냉너널네녀년노녹논놀농높뇌누눈뉴느늘능니다단달닭담답당대댁더덕던덤데도독돈돌돔동돼되된두둑둘둥뒤드득들듬등디따딸땅때또뚜라락란람랑래랭량러럭런럼레려력련렬령례로록론롱료루룡류륙륜르른를름릇리린림립링마막만말맑맛망매맥맨머먹멍메멜면명모목몸못몽묘무묵문물미민밀바박반발밤밥방배백뱀버번벌범법벚베벤벨벽변별병보복본볼봉부북분불붉붓브블비빈빌빙빛빨뼈뿌사산살삼상새색샌생서석선설섬성세센셀셔소속손솔송쇠수숙순술숲쉬스습승시식신실심십싱싸쌀쌍씨아악안않알암앙앞애액야약양어억언얼엄업없에엔여역연열염엽영예오옥온올옷와완왕외요욕용우욱운울웃원월위유육윤율융은을음의이익인일임입잎자작잔잠장재저적전절점접정제젤조족존종좌죄주죽준중즈증지직진질짐집짝쪽차착찬참창채책처척천철첩청체초촌총최추축춘출충취측층치칙친칠침카칼캐커컨컴컵케코콜콩쿠크큰클키타탁탄탈탑탕태택터털테텐템토톤통투트특티틱파판팔패팬퍼페편평포폭폰표품풀풍프플피필하학한할함합항해핵행향허헌혁현혈협형호혼홍화확환활황회획횟효후훈휘휴흑흙흰희히',
)
/** The same in Chinese and Japanese. */
const commonHan = new Set(
  '的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切树鱼鸟猫狗牛羊猪鸡鸭兔虎狮熊鼠蛇龙草叶桌椅床灯杯瓶碗刀帽鞋衣裤裙伞钟图照册类标签格缺陷训练测试验证集苹香蕉橙桃梨葡萄瓜犬鳥馬魚鷄龍車電圖書門開關號國學東風氣愛實時會本語画川森男供赤緑黒茶旧異訓練検証習貓雞樹葉類標籤測試驗證數據圖鳥魚點過這個們來說對發樣種聲話問間給業當還沒進後從動現經頭長見汽飞机船舶自行车玫瑰蝴蝶蜜蜂蚂蚁象桜靴狐狸狼兔猴鹿鲸鲨鱼鲜菜蔬果莓柠檬芒菠萝樱粉红橙紫灰褐棕圆方形叉勺碟盘盒箱袋书笔纸屏幕键盘鼠标耳眼鼻嘴腿脚头手臂晴阴雨雪雷云雾沙滩湖河桥街楼塔寺庙教堂裂纹划痕污渍毛刺良否品欠陥傷汚割健康病斑锈霉枯黄玉米麦稻豆薯茄椒葱蒜姜帽衬衫外套連衣裙手袋靴子運動涼鞋恐孔雀鹰鸽鹦鹉鸵企鹅豚豹鱷魚龜蛙蝦蟹菊蘭蓮梅竹松柏柳楓向日葵郁金香康乃馨百合丁香牡丹雲電話机時計椅子机窓扉傘鍵眼鏡新聞雑誌自転車飛行船',
)

/** `japanese`: the code page is one of Japan, where alone kana are letters that people write. -10 where the text holds what no text holds, else about -2 (signs) to 3 (common letters); 0 for plain ASCII. */
export function readingScore(text: string, japanese: boolean): number {
  if (/[\uFFFD\u0080-\u009f\uE000-\uF8FF]/.test(text)) return -10
  let [sum, letters] = [0, 0]
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x80) continue
    sum += scoreOf(text[i]!, text[i - 1] ?? ' ', text[i + 1] ?? ' ', japanese)
    letters++
  }
  return letters === 0 ? 0 : sum / letters
}

function scoreOf(letter: string, before: string, after: string, japanese: boolean): number {
  if (/[가-힣]/.test(letter)) return commonHangul.has(letter) ? 3 : 0.8
  if (/[ぁ-んァ-ヴー]/.test(letter)) return japanese ? 2.8 : 0.3
  if (/[一-鿿]/.test(letter)) return commonHan.has(letter) ? 2.7 : 0.6
  if (/[。、「」・（）：！？々]/.test(letter)) return 0.5
  if (/[\u00c0-\u024f]/.test(letter) && !/[×÷]/.test(letter)) return latinScore(letter, before, after)
  if (/[\u0400-\u045f]/.test(letter)) return cyrillicScore(letter, before, after)
  if (/[\u0370-\u03ff\u0530-\u07ff]/.test(letter)) return otherScore(before + after)
  return /[’‘“”–—…€°]/.test(letter) && /[\w\s]/.test(before + after) ? 0.5 : -2
}

/** An accented letter stands among plain ones; a capital after a small letter is no word. */
function latinScore(letter: string, before: string, after: string): number {
  if (isCapital(letter) && isSmall(before)) return -1
  if (!/[A-Za-z]/.test(before + after)) return -0.5
  const doubled = letter.normalize('NFD')[0] === before
  return letter > 'ÿ' || doubled ? 1 : 2
}

function cyrillicScore(letter: string, before: string, after: string): number {
  if (isCapital(letter) && isSmall(before)) return -1
  const own = /[\u0410-\u044f\u0401\u0451]/
  if (!own.test(letter)) return 0.3
  if (/[A-Za-z]/.test(before + after)) return -0.5
  return own.test(before) || own.test(after) ? 2 : 0.3
}

/** Letters of Greek, Hebrew, Arabic and their like stand beside their own. */
function otherScore(beside: string): number {
  return /[\u0370-\u03ff\u0530-\u07ff]/.test(beside) && !/[A-Za-z]/.test(beside) ? 2 : -2
}

function isCapital(letter: string): boolean {
  return letter !== letter.toLowerCase()
}

function isSmall(letter: string): boolean {
  return letter !== letter.toUpperCase()
}
