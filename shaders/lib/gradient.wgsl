// The gradient of one parameter from its partial sums, added up in order, times the clipping factor. The file that includes this has
// the bindings `gradients` and `clip`. block = first gradient, stride and number of the partial sums, 1 if it decays
fn whole_gradient(block: vec4u, thread: u32) -> f32 {
  var gradient = 0.0;
  for (var part = 0u; part < block.z; part++) {
    gradient += gradients[block.x + part * block.y + thread];
  }
  return gradient * clip[0];
}
