// Where a photo lies in the square between whose grey bars a net sees it: for the pixels of training and for what is
// drawn over a photo.

export interface Sides {
  readonly width: number
  readonly height: number
}

/** Pixels from the square's upper left corner. */
export interface LetterboxPlacement extends Sides {
  readonly left: number
  readonly top: number
}

/** The long side of `photo` takes all of `size`, the short one at least a pixel; an odd row or column left over lies at
 *  the bottom or right. */
export function letterboxPlace(photo: Sides, size: number): LetterboxPlacement {
  const long = Math.max(photo.width, photo.height)
  const width = Math.max(1, Math.round((photo.width * size) / long))
  const height = Math.max(1, Math.round((photo.height * size) / long))
  return { width, height, left: (size - width) >> 1, top: (size - height) >> 1 }
}
