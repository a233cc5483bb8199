// Nothing leaves the machine that nobody asked for: a whole job in the terminal, from import to export, opens no
// connection and asks no name server, neither in this process nor in the ones that it starts.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Terminal } from './terminal.ts'

const terminal = new Terminal()
const trap = join(terminal.folder, 'trap.cjs')
const log = join(terminal.folder, 'connections.txt')
const before = process.env['NODE_OPTIONS']

/** Writes down every connection, message and question for a name. What it is loaded into cannot tell. */
const trapText = `
const fs = require('node:fs'), net = require('node:net'), dgram = require('node:dgram'), dns = require('node:dns')
const note = what => fs.appendFileSync(${JSON.stringify(log)}, what + '\\n')
const wrap = (of, name, what) => {
  const real = of[name]
  of[name] = function (...args) { note(what + ' ' + JSON.stringify(args[0])); return real.apply(this, args) }
}
wrap(net.Socket.prototype, 'connect', 'connect')
wrap(dgram.Socket.prototype, 'send', 'send')
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) wrap(dns, name, name)
`

const connections = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [])

beforeAll(async () => {
  writeFileSync(trap, trapText)
  process.env['NODE_OPTIONS'] = `${before ?? ''} --require=${trap}`
  await import(trap)
})
afterAll(() => {
  if (before === undefined) delete process.env['NODE_OPTIONS']
  else process.env['NODE_OPTIONS'] = before
  terminal.remove()
})

it('a job from import to export opens no connection', async () => {
  const ran = async (...args: string[]) => expect(await terminal.run(...args)).toMatchObject({ code: 0 })
  const folder = terminal.photos('photos', { pebbles: 5, tiles: 5 })
  await ran('import', folder, '-L', 'set')
  await ran('check', '-L', 'set')
  await ran('train', '-L', 'set', '--device', 'cpu', '--preset', 'softmax', '--size', '8', '--epochs', '1')
  await ran('evaluate', '-L', 'set', '--html', 'report.html')
  await ran('suspects', '-L', 'set')
  await ran('export', '-L', 'set', '--format', 'csv', '-o', 'list.csv')
  await ran('export', '-L', 'set', '--format', 'onnx', '-o', 'model.onnx')
  await ran('import', 'list.csv', '-L', 'again')
  await ran('doctor')
  expect(connections()).toEqual([])
})

it('and one would be seen, here and in a process that is started', async () => {
  await new Promise(resolve => connect(9, '127.0.0.1').once('error', resolve))
  expect(connections()).toHaveLength(1)
  execFileSync(process.execPath, ['-e', "require('node:net').connect(9, '127.0.0.1').on('error', () => {})"])
  expect(connections()).toHaveLength(2)
})
