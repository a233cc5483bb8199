// The sum of one value of each of the 256 invocations of a workgroup, in an order that never changes. Every invocation must call it.
var<workgroup> sum_parts: array<f32, 256>;

fn workgroup_sum(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  sum_parts[thread] = value;
  for (var half = 128u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      sum_parts[thread] += sum_parts[thread + half];
    }
  }
  workgroupBarrier();
  return sum_parts[0];
}
