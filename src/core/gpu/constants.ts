// WebGPU's flag numbers. The globals GPUBufferUsage and GPUMapMode type-check everywhere but do not exist in Node, so
// core uses these; the values are fixed by the WebGPU specification.

export const bufferUsage = {
  mapRead: 0x0001,
  copySource: 0x0004,
  copyDestination: 0x0008,
  uniform: 0x0040,
  storage: 0x0080,
} as const
export const mapMode = { read: 0x0001 } as const
export const shaderStage = { compute: 0x4 } as const
