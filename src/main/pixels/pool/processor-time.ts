// How much processor time another process has used, all its threads together: what a limit on its work is measured by, as
// the clock of a busy machine goes on while nothing is done.

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** Linux counts in hundredths of a second, whatever the machine. */
const TICK_MS = 10

/** Milliseconds; null where the system does not tell, or the process has ended. */
export async function processorTime(pid: number, platform: NodeJS.Platform = process.platform): Promise<number | null> {
  if (platform === 'linux') return fromStat(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))
  if (platform === 'win32')
    return fromSeconds(await printed('powershell', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).CPU`]))
  return fromClock(await printed('ps', ['-o', 'time=', '-p', String(pid)]))
}

function printed(command: string, options: string[]): Promise<string> {
  return new Promise(resolve => {
    execFile(command, options, { timeout: 5000 }, (error, stdout) => resolve(error ? '' : stdout))
  })
}

/** The name of a process may hold anything, so fields are counted from behind it. */
function fromStat(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks * TICK_MS : null
}

function fromSeconds(text: string): number | null {
  const seconds = Number.parseFloat(text.replace(',', '.'))
  return Number.isFinite(seconds) ? seconds * 1000 : null
}

/** As ps writes it: [[days-]hours:]minutes:seconds[.hundredths]. */
export function fromClock(text: string): number | null {
  const found = /^\s*(?:(?:(\d+)-)?(\d+):)?(\d+):([\d.]+)\s*$/.exec(text)
  if (!found) return null
  const [days, hours, minutes, seconds] = found.slice(1).map(part => Number(part ?? 0))
  return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000
}
