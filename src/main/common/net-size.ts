// The size in pixels at which a net sees photos, unless a person chooses another.

/** Small pictures as they are, in steps of four; 64 pixels for the rest. `medianSide`: of the long sides; 0: unknown. */
export function usualNetSize(medianSide: number): number {
  return medianSide > 0 && medianSide <= 32 ? Math.max(8, Math.ceil(medianSide / 4) * 4) : 64
}
