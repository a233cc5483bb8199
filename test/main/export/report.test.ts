// Reports of a run: a CSV that comes back as what was said, and an HTML page that loads nothing and runs nothing.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunSettings } from '../../../src/contract/records.ts'
import { parseCsv } from '../../../src/main/formats/csv-reader.ts'
import { openService, writePhoto } from '../runs/open-service.ts'

const settings: RunSettings = {
  preset: 'softmax',
  size: 8,
  channels: 3,
  epochs: 3,
  batch: 4,
  rate: 0.01,
  seed: 5,
  augment: false,
}
const names = ['<b>bold</b> & "quoted"', '=SUM(A1)'] as const

/** Two classes with awkward names, and a run that takes one validation photo for the other class. */
async function judgedRun() {
  const test = await openService()
  for (const [c, name] of ['bold', 'sum'].entries()) {
    for (let i = 0; i < 6; i++)
      await writePhoto(
        join(test.photos, name, `${name}, ${i}.png`),
        c === 0 ? [200, 30, 30] : [30, 60, 200],
        c * 50 + i,
      )
  }
  await test.importPhotos()
  const folders = await test.call('classes.list', {})
  for (const [c, folder] of ['bold', 'sum'].entries()) {
    const named = await test.call('classes.create', { name: names[c]! })
    await test.call('photos.label', {
      selection: { filter: { classId: folders.find(({ name }) => name === folder)!.id } },
      classId: named.id,
    })
  }
  const { id: runId } = await test.call('runs.create', settings)
  const { labels, splits } = await test.call('runs.rows', { runId })
  const wrong = splits.indexOf(1)
  const values = Float32Array.from(
    labels.flatMap((label, row) => ((label === 0) !== (row === wrong) ? [0.9, 0.1] : [0.1, 0.9])),
  )
  await test.service.bytes.predictions.put!({ runId }, new Uint8Array(values.buffer))
  return { ...test, runId, validation: splits.filter(split => split === 1).length }
}

async function report(
  { service, runId }: Awaited<ReturnType<typeof judgedRun>>,
  format: 'csv' | 'html',
  language?: 'en' | 'ko',
) {
  const { bytes, fileName } = await service.bytes.report.get({ runId, split: 'validation', format, language })
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), fileName }
}

describe('reports', () => {
  it('as CSV have a line a photo, and no text that a spreadsheet would run', async () => {
    const run = await judgedRun()
    const { text, fileName } = await report(run, 'csv')
    expect(fileName).toBe(`Run ${run.runId} validation.csv`)
    expect(text.startsWith('\uFEFFpath,')).toBe(true)
    const [header, ...lines] = parseCsv(text).map(row => row.cells)
    expect(header).toEqual(['path', 'label', 'answer', 'verdict', 'confidence', 'label probability'])
    expect(lines).toHaveLength(run.validation)
    expect(lines.filter(line => line[3] === 'wrong')).toHaveLength(1)
    expect(new Set(lines.map(line => line[1]))).toEqual(new Set([names[0], `'${names[1]}`]))
    for (const [path, label] of lines)
      expect(path).toMatch(label === names[0] ? /^bold\/bold, \d\.png$/ : /^sum\/sum, \d\.png$/)
    expect(lines.every(line => ['0.9000', '0.1000'].includes(line[5]!))).toBe(true)
  })

  it.each(['en', 'ko'] as const)('as a page in %s hold the numbers, load nothing and run nothing', async language => {
    const run = await judgedRun()
    const { text, fileName } = await report(run, 'html', language)
    expect(fileName).toBe(`Run ${run.runId} validation.html`)
    expect(text).toContain(`<html lang="${language}">`)
    expect(text).toContain('&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;')
    expect(text).not.toContain('<b>')
    expect(text).not.toMatch(/<script|<link|<img|https?:|src=|url\(|javascript:|\son\w+=/i)
    expect(text).toContain(language === 'en' ? 'softmax, 8 x 8 x 3, 3 epochs' : 'softmax, 8 x 8 x 3, 3 에폭')
    // The page's Korean speaks the same way (ko-codes.ts).
    expect(text).not.toContain('세요')
    const { accuracy, classes } = await run.call('review.report', { runId: run.runId, split: 'validation' })
    expect(text).toContain(`${(accuracy.value! * 100).toFixed(1)} %`)
    expect(text.match(/<td class="cell"/g)).toHaveLength(classes.length ** 2)
    const [advice] = await run.call('review.advice', { runId: run.runId })
    expect(text).toContain(language === 'en' ? advice!.text : '검증 사진이')
    expect(text).toContain(
      language === 'en'
        ? 'No threshold that leaves 20 answers or more makes 95 % of the answered validation photos right.'
        : '답이 20장 이상 남으면서 답한 검증 사진의 95%가 맞게 되는 기준이 없습니다.',
    )
    expect(text).toMatch(/<tr><td>80\.0 %<\/td><td>100\.0 %<\/td><td>50\.0 %<\/td><\/tr>/)
  })
})
