// The size of a GPU's subgroups, which the product kernels of family "lanes" depend on.

/** The one size of the adapter's subgroups; 0 where it varies or the device was made without them. */
export function subgroupSize(gpu: GPUDevice): number {
  const { subgroupMinSize, subgroupMaxSize } = gpu.adapterInfo
  return gpu.features.has('subgroups') && subgroupMinSize === subgroupMaxSize ? (subgroupMinSize ?? 0) : 0
}
