// What may change in a photo while training, as data: the live steps of docs/augmentation.md, with their chances and ranges.

/** Applied where a random number in [0, 1) lies below `probability`; its strength is drawn evenly from `range`. */
export interface Chance {
  readonly probability: number
  readonly range?: readonly [number, number]
}

/** In the order of their counters; 10 and 11, blur and JPEG, are made ahead of training and not here. */
export const changeKinds = [
  'flip', 'flip-vertical', 'rotate', 'shift', 'scale', 'crop', 'brightness', 'contrast', 'saturation', 'hue', 'blur', 'jpeg', 'noise', 'cutout',
] as const
export type ChangeKind = Exclude<(typeof changeKinds)[number], 'blur' | 'jpeg'>

/** Units as in docs/augmentation.md: degrees, fractions of the sides, factors, shares of the area or of full brightness. */
export interface Augmentation extends Readonly<Partial<Record<ChangeKind, Chance>>> {
  /** Blend with another photo of the batch, of which up to this share (at most 0.5). */
  readonly mixup?: number
  /** Paste a rectangle of another photo of the batch, up to a quarter of the area. With mixup each photo gets one of the two. */
  readonly cutmix?: boolean
}
