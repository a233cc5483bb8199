// How a photo file becomes the pixels of a model, for those who have the exported file and no Winnow: docs/pixels.md in a few
// lines, and the same as a Python function of Pillow and NumPy. Both travel in what is exported, and a test follows them.

import type { RunSettings } from '../../../contract/records.ts'

export interface Preparation {
  readonly text: string
  /** Defines `prepare(path)`: u8 [size, size, channels]. */
  readonly python: string
}

export function preparationOf({
  size,
  channels,
  fit = 'squash',
}: Pick<RunSettings, 'size' | 'channels' | 'fit'>): Preparation {
  const place =
    fit === 'letterbox'
      ? `The long side becomes ${size}, the short one round(short * ${size} / long), at least 1; it lies in the middle of ${size} x ${size} of grey 127 (left and top rounded down).`
      : `The whole photo becomes ${size} x ${size}, whatever its shape.`
  return {
    text: [
      'Photos: first frame; EXIF orientation applied; colour profile applied (perceptual), the result is sRGB; CMYK becomes sRGB by its profile.',
      '16 bits become 8 by value >> 8; where no value of a grey photo is above 4095 (1023, 255), white is that. Transparent pixels lie on white (255).',
      `A photo whose long side is at least twice max(1024, 4 * ${size}) is first averaged in blocks of f x f, f = floor(long / max(1024, 4 * ${size})).`,
      ...(channels === 1
        ? ['Grey is (19595 R + 38470 G + 7471 B + 32768) >> 16, before resizing.']
        : ['Channels are RGB.']),
      `${place} Filter: antialiased bilinear (triangle, as Pillow's BILINEAR), horizontally first, each pass rounded to 8 bits.`,
    ].join('\n'),
    python: pythonText(size, channels, fit),
  }
}

function pythonText(size: number, channels: number, fit: string): string {
  return `import io

import numpy
from PIL import Image, ImageCms, ImageOps


def prepare(path, size=${size}, channels=${channels}, fit="${fit}"):
    """A photo file as the model's input: u8 [size, size, channels], ${channels === 1 ? 'grey' : 'RGB'}."""
    photo = on_white(to_srgb(to_8_bits(ImageOps.exif_transpose(Image.open(path)))))
    factor = max(photo.size) // max(1024, 4 * size)
    if factor > 1:
        photo = photo.reduce(factor)
    if channels == 1:
        photo = photo.convert("L")
    width, height = size, size
    if fit == "letterbox":
        width, height = (max(1, int(side * size / max(photo.size) + 0.5)) for side in photo.size)
    square = Image.new(photo.mode, (size, size), 127 if channels == 1 else (127, 127, 127))
    square.paste(photo.resize((width, height), Image.BILINEAR), ((size - width) // 2, (size - height) // 2))
    return numpy.asarray(square).reshape(size, size, channels)


def to_8_bits(photo):
    """Grey of 16 bits; Pillow itself reads colours of 16 bits as 8."""
    if not photo.mode.startswith("I"):
        return photo
    values = numpy.asarray(photo).astype(numpy.int64)
    white = next((white for white in (255, 1023, 4095) if values.max() <= white), 65535)
    values = values >> 8 if white == 65535 else (values * 255 + white // 2) // white
    return Image.fromarray(values.astype(numpy.uint8))


def to_srgb(photo):
    profile = photo.info.get("icc_profile")
    if not profile or photo.mode not in ("L", "RGB", "RGBA", "CMYK"):
        return photo
    alpha = photo.getchannel("A") if photo.mode == "RGBA" else None
    colours = photo.convert("RGB") if alpha else photo
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:  # a broken profile is ignored
        return photo
    if alpha:
        srgb.putalpha(alpha)
    return srgb


def on_white(photo):
    if "A" not in photo.getbands() and "transparency" not in photo.info:
        return photo.convert("RGB")
    photo = photo.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", photo.size, (255, 255, 255, 255)), photo).convert("RGB")
`
}
