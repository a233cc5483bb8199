// The ten largest files and functions of the sources, for `npm run check`.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'

export interface Sized {
  readonly name: string
  readonly lines: number
}

/** Of src/ below `root`; a .vue file counts whole as a file and by its script for functions. */
export function largest(root: string, count: number): { files: Sized[]; functions: Sized[] } {
  const entries = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  const paths = entries
    .filter(entry => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
  const sources = paths.map(path => ({ name: relative(root, path), text: readFileSync(path, 'utf8') }))
  const files = sources.map(({ name, text }) => ({ name, lines: text.split('\n').length - 1 }))
  return { files: top(files, count), functions: top(sources.flatMap(functionsOf), count) }
}

function top(sized: Sized[], count: number): Sized[] {
  return sized.sort((a, b) => b.lines - a.lines).slice(0, count)
}

function functionsOf({ name, text }: { name: string; text: string }): Sized[] {
  const script = name.endsWith('.vue') ? (/<script[^>]*>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '') : text
  const source = ts.createSourceFile(name, script, ts.ScriptTarget.Latest, true)
  const found: Sized[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body)
      found.push({ name: `${name} ${nameOf(node)}`, lines: linesOf(source, node) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor'
  if (node.name) return node.name.getText()
  return ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent)
    ? node.parent.name.getText()
    : '(unnamed)'
}

function linesOf(source: ts.SourceFile, node: ts.Node): number {
  const line = (position: number) => source.getLineAndCharacterOfPosition(position).line
  return line(node.getEnd()) - line(node.getStart()) + 1
}
