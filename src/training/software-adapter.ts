// Whether an adapter is the processor that pretends to be a GPU (lavapipe, SwiftShader, WARP): right, but no faster.

/** Browsers and Dawn fill these fields unevenly, so all of them are read. */
export function isSoftwareAdapter(
  info: Pick<GPUAdapterInfo, 'architecture' | 'device' | 'description' | 'isFallbackAdapter'>,
): boolean {
  return (
    info.isFallbackAdapter ||
    /llvmpipe|lavapipe|swiftshader|software|basic render/i.test(
      `${info.architecture} ${info.device} ${info.description}`,
    )
  )
}
