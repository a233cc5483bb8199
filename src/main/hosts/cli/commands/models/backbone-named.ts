// The backbone that `--backbone` names: one of this machine by its name, or a file.

import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Option } from 'commander'
import { readBackbone, type Backbone } from '../../../../../training/features/backbone.ts'
import { backboneId, builtInName } from '../../../../backbones/backbone-store.ts'
import type { CommandContext } from '../../context.ts'

export function backboneOption(): Option {
  return new Option('--backbone <name|file>', 'what makes the features').default(builtInName)
}

/** ServiceError 'no-backbone', CoreError 'bad-checkpoint'. */
export function backboneNamed({ host, service }: CommandContext, named: string): Backbone {
  const file = resolve(host.cwd, named)
  const isFile = existsSync(file) && /\.(safetensors|pth|pt)$/i.test(file)
  const bytes = isFile ? bytesOf(file) : service().backbones.read(named)
  return readBackbone(backboneId(bytes), isFile ? basename(file) : named, bytes)
}

function bytesOf(file: string): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = readFileSync(file)
  return new Uint8Array(buffer, byteOffset, length)
}
