// The number of this invocation when a grid of 256-wide workgroups is folded over y because x may hold 65,535 at most.
fn flat_index(id: vec3u) -> u32 {
  return id.x + id.y * 16776960u;
}
