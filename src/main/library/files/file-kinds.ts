// Which files a scan lists. Content decides what a photo is, so only what is clearly something else by its name is
// passed over; a file with an image extension is always listed, and an unknown extension too: the decoder says what it
// is.

import { extname } from 'node:path'
import type { SkipReason } from '../../../contract/records.ts'

/** A folder of this name is a library; a scan does not look into it. */
export const libraryExtension = '.winnow'

/** Folders that systems and network drives leave among photos: previews, copies of what was deleted, archive remains. */
const systemFolders = new Set([
  '@eadir',
  '#recycle',
  '@recycle',
  '@recently-snapshot',
  '@tmp',
  '.thumbnails',
  '.trashes',
  '.trash',
  '.spotlight-v100',
  '.fseventsd',
  '.temporaryitems',
  '.ds_store',
  '#snapshot',
  '~snapshot',
  '.snapshot',
  'recycler',
  'found.000',
  '$recycle.bin',
  '__macosx',
  'system volume information',
  'lost+found',
])

/** Whether a scan passes over a folder of this name; hidden ones (`.thumbnails`) it passes over anyway. */
export function isSystemFolder(name: string): boolean {
  return systemFolders.has(name.toLowerCase())
}

const imageExtensions = new Set([
  '.jpg',
  '.jpeg',
  '.jpe',
  '.jfif',
  '.png',
  '.apng',
  '.webp',
  '.avif',
  '.gif',
  '.tif',
  '.tiff',
  '.bmp',
  '.heic',
  '.heif',
  '.hif',
  '.pnm',
  '.pbm',
  '.pgm',
  '.ppm',
  '.pam',
  '.tga',
  '.qoi',
])

const otherExtensions = new Set([
  '.txt',
  '.csv',
  '.tsv',
  '.json',
  '.jsonl',
  '.md',
  '.xml',
  '.yaml',
  '.yml',
  '.toml',
  '.ini',
  '.cfg',
  '.conf',
  '.log',
  '.lock',
  '.bak',
  '.tmp',
  '.html',
  '.htm',
  '.css',
  '.js',
  '.ts',
  '.mjs',
  '.py',
  '.ipynb',
  '.m',
  '.r',
  '.sh',
  '.bat',
  '.ps1',
  '.c',
  '.h',
  '.cpp',
  '.java',
  '.url',
  '.lnk',
  '.pdf',
  '.doc',
  '.docx',
  '.xls',
  '.xlsx',
  '.ppt',
  '.pptx',
  '.odt',
  '.rtf',
  '.tex',
  '.svg',
  '.zip',
  '.tar',
  '.gz',
  '.tgz',
  '.bz2',
  '.xz',
  '.zst',
  '.cab',
  '.7z',
  '.rar',
  '.iso',
  '.exe',
  '.dll',
  '.so',
  '.bin',
  '.db',
  '.sqlite',
  '.sqlite3',
  '.lmdb',
  '.mdb',
  '.h5',
  '.hdf5',
  '.npy',
  '.npz',
  '.mat',
  '.pkl',
  '.parquet',
  '.arrow',
  '.tfrecord',
  '.pt',
  '.pth',
  '.ckpt',
  '.onnx',
  '.safetensors',
  '.tflite',
  '.pb',
  '.mp3',
  '.wav',
  '.flac',
  '.ogg',
  '.m4a',
  '.mp4',
  '.mov',
  '.avi',
  '.mkv',
  '.webm',
  '.mpg',
  '.srt',
  '.xmp',
  '.aae',
  '.thm',
  '.ini',
])

/** Archives inside of folders and archives are not opened; they may hold photos, so they are told of by kind. */
const archiveExtensions = new Set(['.zip', '.tar', '.gz', '.tgz', '.bz2', '.xz', '.zst', '.7z', '.rar', '.cab', '.iso'])

const otherNames = new Set([
  'readme',
  'license',
  'licence',
  'copying',
  'notice',
  'makefile',
  'dockerfile',
  'thumbs.db',
  'desktop.ini',
  'icon\r',
])

/** Whether the name has an extension of an image format. */
export function hasImageExtension(name: string): boolean {
  return imageExtensions.has(extname(name).toLowerCase())
}

/** Whether a scan lists a file of this name; false for documents, code, archives, data and model files. */
export function mayBePhoto(name: string): boolean {
  return !otherNames.has(name.toLowerCase()) && !otherExtensions.has(extname(name).toLowerCase())
}

/** Why a plain file of this name is passed over; null where it may be a photo. */
export function reasonByName(name: string): SkipReason | null {
  if (name.startsWith('.')) return 'hidden'
  if (mayBePhoto(name)) return null
  return archiveExtensions.has(extname(name).toLowerCase()) ? 'archive' : 'not-a-photo'
}

/** Why a folder of this name is left out; null where it is looked into. */
export function folderReasonByName(name: string): 'hidden' | 'system' | null {
  if (isSystemFolder(name)) return 'system'
  return name.startsWith('.') ? 'hidden' : null
}
