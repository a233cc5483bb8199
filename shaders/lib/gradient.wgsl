// The gradient of one parameter from its partial sums, added up in order, times the clipping factor. The file that includes this has
// the bindings `gradients` and `clip`. block = first gradient, stride and number of the partial sums, factor of the rate (bits of an f32)
// with the sign that says whether it decays
fn whole_gradient(block: vec4u, thread: u32) -> f32 {
  var gradient = 0.0;
  for (var part = 0u; part < block.z; part++) {
    gradient += gradients[block.x + part * block.y + thread];
  }
  return gradient * clip[0];
}

// Whether nothing is to be updated in this step: some gradient overflowed (unscale-gradients.wgsl).
fn is_skipped() -> bool {
  return clip[0] == 0.0;
}

// The block's factor of the learning rate.
fn rate_factor(block: vec4u) -> f32 {
  return abs(bitcast<f32>(block.w));
}

// `decay` where weight decay applies to the block, else 0.
fn decay_of(block: vec4u, decay: f32) -> f32 {
  return select(0.0, decay, bitcast<f32>(block.w) > 0.0);
}
