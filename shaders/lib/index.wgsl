// The number of this invocation in a grid of 256-wide workgroups, folded over y because x may hold 65,535 at most. A grid that is several layers
// deep is a part of a call (gpu/submits.ts): its last layer works, the others get a number beyond every end.
fn flat_index(id: vec3u, groups: vec3u) -> u32 {
  let part = groups.z - 1u;
  return select(0xffffffffu, (part * groups.y + id.y) * groups.x * 256u + id.x, id.z == part);
}
