// Records as CSV (RFC 4180) with a byte order mark, so that spreadsheets read names in any script. Text that a
// spreadsheet would take for a formula is made harmless, except where `exact` says that another program must read it as
// it is.

export function csvText(records: readonly (readonly string[])[], { exact = false } = {}): string {
  return `\uFEFF${records.map(record => `${record.map(field => csvField(field, exact)).join(',')}\r\n`).join('')}`
}

function csvField(text: string, exact: boolean): string {
  const harmless = !exact && /^[=+\-@\t\r]/.test(text) && !/^-?[\d.]+$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
