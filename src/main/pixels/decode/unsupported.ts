// Formats that are known by their first bytes in order to say clearly that they are not read, by the name people know
// them by.

const magics: readonly (readonly [magic: string, name: string, at?: number])[] = [
  ['%PDF', 'PDF'],
  ['%!PS', 'PostScript'],
  ['8BPS', 'Photoshop (PSD)'],
  ['gimp xcf', 'GIMP (XCF)'],
  ['DDS ', 'DirectDraw Surface (DDS)'],
  ['\x76\x2f\x31\x01', 'OpenEXR'],
  ['#?RADIANCE', 'Radiance HDR'],
  ['#?RGBE', 'Radiance HDR'],
  ['\xff\x0a', 'JPEG XL'],
  ['\0\0\0\x0cJXL ', 'JPEG XL'],
  ['\0\0\0\x0cjP  ', 'JPEG 2000'],
  ['\xff\x4f\xff\x51', 'JPEG 2000'],
  ['II\xbc\x01', 'JPEG XR'],
  ['FUJIFILMCCD-RAW', 'Camera RAW'],
  ['IIRO', 'Camera RAW'],
  ['IIRS', 'Camera RAW'],
  ['MMOR', 'Camera RAW'],
  ['IIU\0', 'Camera RAW'],
  ['FOVb', 'Camera RAW'],
  ['\0MRM', 'Camera RAW'],
  ['HEAPCCDR', 'Camera RAW', 6],
  ['\0\0\x01\0', 'ICO'],
  ['icns', 'ICNS'],
  ['\x8aMNG', 'MNG'],
  ['\x8bJNG', 'JNG'],
  ['AT&TFORM', 'DjVu'],
  ['FLIF', 'FLIF'],
  ['BPG\xfb', 'BPG'],
  ['SIMPLE  =', 'FITS'],
  ['DICM', 'DICOM', 128],
  ['\x59\xa6\x6a\x95', 'Sun raster'],
  ['\x01\xda\0', 'SGI image'],
  ['\x01\xda\x01', 'SGI image'],
  ['\xd7\xcd\xc6\x9a', 'Windows metafile'],
  [' EMF', 'Windows metafile', 40],
  ['/* XPM */', 'XPM'],
  ['PF\n', 'PFM'],
  ['Pf\n', 'PFM'],
]

/** Null where the bytes are nothing known. */
export function unsupportedName(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 160)
  const known = magics.find(([magic, , at = 0]) => head.startsWith(magic, at))
  if (known) return known[1]
  if (head.startsWith('BA') && head.startsWith('BM', 14)) return 'OS/2 bitmap array'
  if (isCursor(bytes)) return 'Windows cursor'
  if (isPcx(bytes)) return 'PCX'
  return textName(bytes.toString('utf8', 0, 1024))
}

/** A TGA may begin so too; a cursor file says how many it holds. */
function isCursor(bytes: Buffer): boolean {
  return bytes.length > 22 && bytes.readUInt32BE(0) === 0x200 && bytes.readUInt16LE(4) > 0
}

function isPcx(bytes: Buffer): boolean {
  return (
    bytes.length > 128 &&
    bytes[0] === 10 &&
    [0, 2, 3, 4, 5].includes(bytes[1]!) &&
    bytes[2] === 1 &&
    [1, 2, 4, 8].includes(bytes[3]!)
  )
}

/** SVG and XBM have no magic number: they are text. */
function textName(text: string): string | null {
  if (/<svg[\s>]/.test(text)) return 'SVG'
  return /^\s*#define\s+\w+_width\s+\d+/.test(text) ? 'XBM' : null
}
