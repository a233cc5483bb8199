// 2 x 2 windows of x [N H W C], an odd last row or column in none. The file that includes this has the binding `x`.

// Where channel c of the first pixel of a window lies.
fn window_corner(window: u32, c: u32) -> u32 {
  let columns = W / 2u;
  let rows = H / 2u;
  return ((window / (rows * columns) * H + (window / columns) % rows * 2u) * W + window % columns * 2u) * C + c;
}

// Where the value lies that is the largest of its window once normalised: the largest, or with a falling norm the smallest.
fn window_winner(window: u32, c: u32, falling: bool) -> u32 {
  let corner = window_corner(window, c);
  var winner = corner;
  for (var tap = 1u; tap < 4u; tap++) {
    let at = corner + (tap / 2u * W + tap % 2u) * C;
    winner = select(winner, at, select(x[at] > x[winner], x[at] < x[winner], falling));
  }
  return winner;
}
