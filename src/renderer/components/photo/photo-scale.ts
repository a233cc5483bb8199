// How large a photo is shown, against its own pixels. Pure.

interface Size {
  readonly width: number
  readonly height: number
}

/** Pixels of the screen for a pixel of the photo: 1 is its real size. `picture` is what was loaded of it, which may be
 *  smaller than the photo; null while a size is not known. */
export function shownScale({
  box,
  picture,
  photo,
  zoom,
  density,
}: {
  readonly box: Size
  readonly picture: Size
  readonly photo: Size
  readonly zoom: number
  readonly density: number
}): number | null {
  const longest = Math.max(photo.width, photo.height)
  if (longest === 0 || picture.width === 0 || picture.height === 0 || box.width === 0) return null
  const fitted = Math.min(box.width / picture.width, box.height / picture.height)
  return (fitted * Math.max(picture.width, picture.height) * zoom * density) / longest
}
