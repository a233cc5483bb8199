// Which encoding a text is in: marks, UTF-8, and the code pages of several countries by what they read.

import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { codePages, decodeText, likelyEncoding, type TextEncoding } from '../../../src/main/formats/text-encoding.ts'

/** Names as folders and classes have them: a few letters each. */
const names: Readonly<Record<string, readonly string[]>> = {
  cp949: [
    '강아지',
    '고양이/사진 1.jpg',
    '꽃',
    '개',
    '새',
    '불량',
    '정상/a.png',
    '호랑이',
    '사과',
    '모자',
    '신발',
    '기린',
    '치',
  ],
  shift_jis: ['犬', '猫', '写真', 'ねこ', 'いぬ/写真1.jpg', 'テスト', '帽子', '靴', 'りんご', '正常'],
  gbk: ['猫', '狗', '汽车', '照片', '训练/猫', '苹果', '帽子', '鞋', '鸟', '缺陷', '玫瑰'],
  big5: ['貓', '狗', '汽車', '照片', '測試', '花', '蝴蝶'],
  'euc-jp': ['犬と猫', 'ねこ', 'テスト'],
  'windows-1252': ['café', 'Bär', 'chien d’été', 'señor', 'Äpfel', 'Größe', 'Ça', 'pão', 'maçã'],
  cp437: ['café', 'Bär', 'señor', 'Äpfel', 'Größe', 'élan'],
  'windows-1251': ['кошка', 'собака', 'Кошка'],
  cp866: ['кошка', 'собака', 'Кошка/1.jpg'],
}

describe('a name in a code page', () => {
  it.each(Object.entries(names))('%s is read as it was written', (page, all) => {
    const read = all.map(name => {
      const bytes = iconv.encode(name, page)
      return iconv.decode(bytes, likelyEncoding(bytes, codePages))
    })
    expect(read).toEqual(all)
  })

  it.each(['강아지', '강아지'.normalize('NFD'), 'café', '犬', 'кошка', 'ภาพ', '😀', 'שלום', 'plain'])(
    '%s in UTF-8 is no other',
    name => {
      expect(likelyEncoding(Buffer.from(name))).toBe('utf-8')
    },
  )
})

describe('a list', () => {
  const text = 'path,label\r\nimages/사진 1.jpg,고양이\r\nimages/2.jpg,개\r\n'
  it.each<[string, TextEncoding, string, boolean]>([
    ['UTF-8', 'utf-8', text, false],
    ['UTF-8 with a mark', 'utf-8', text, true],
    ['UTF-16, low byte first', 'utf-16le', text, true],
    ['UTF-16, high byte first', 'utf-16be', text, true],
    ['UTF-16 without a mark', 'utf-16le', text, false],
    ['UTF-16 without a mark, high byte first', 'utf-16be', text, false],
    ['cp949', 'cp949', text, false],
    ['Shift-JIS', 'shift_jis', text.replace('고양이', 'ねこ').replace('개', '犬').replace('사진', '写真'), false],
    ['cp1252', 'windows-1252', text.replace('고양이', 'Bär').replace('개', 'Größe').replace('사진', 'été'), false],
  ])('in %s', (_name, encoding, written, addBOM) => {
    expect(decodeText(iconv.encode(written, encoding, { addBOM }))).toEqual({ text: written, encoding })
  })
})
