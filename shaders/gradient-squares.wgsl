// The sum of the squared gradients of each block of 64 parameters.  blocks [BLOCKS 4], gradients flat -> squares [BLOCKS]
@group(0) @binding(0) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read_write> squares: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= BLOCKS) {
    return;
  }
  let block = blocks[id.x];
  var sum = 0.0;
  for (var thread = 0u; thread < 64u; thread++) {
    var gradient = 0.0;
    for (var part = 0u; part < block.z; part++) {
      gradient += gradients[block.x + part * block.y + thread];
    }
    sum = fma(gradient, gradient, sum);
  }
  squares[id.x] = sum;
}
