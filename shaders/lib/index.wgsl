// Which element or item this is, in a grid that is folded over y because x may hold 65,535 at most. A grid that is several layers deep is a
// part of a call (gpu/submits.ts): its last layer works, the others get a number beyond every end.

// The number of this invocation, of workgroups that are 256 wide.
fn flat_index(id: vec3u, groups: vec3u) -> u32 {
  let part = groups.z - 1u;
  return select(0xffffffffu, (part * groups.y + id.y) * groups.x * 256u + id.x, id.z == part);
}

// The number of this workgroup.
fn flat_group(group: vec3u, groups: vec3u) -> u32 {
  let part = groups.z - 1u;
  return select(0xffffffffu, (part * groups.y + group.y) * groups.x + group.x, group.z == part);
}
