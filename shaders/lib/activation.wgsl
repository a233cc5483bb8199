// The activations by KIND: 0 leaky ReLU, 1 GELU, 2 SiLU, 3 sigmoid, 4 tanh; and their slopes. Arguments of exp and tanh are kept where
// no driver can overflow.
fn sigmoid(x: f32) -> f32 {
  return 1.0 / (1.0 + exp(-clamp(x, -80.0, 80.0)));
}

// Abramowitz and Stegun 7.1.26; the error is below 2e-7.
fn erf(x: f32) -> f32 {
  let a = min(abs(x), 8.0);
  let t = 1.0 / (1.0 + 0.3275911 * a);
  let sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return sign(x) * (1.0 - sum * exp(-a * a));
}

fn activate(x: f32) -> f32 {
  switch KIND {
    case 0u: { return select(x * 0.01, x, x > 0.0); }
    case 1u: { return 0.5 * x * (1.0 + erf(x * 0.70710678)); }
    case 2u: { return x * sigmoid(x); }
    case 3u: { return sigmoid(x); }
    default: { return tanh(clamp(x, -16.0, 16.0)); }
  }
}

fn activation_slope(x: f32) -> f32 {
  switch KIND {
    case 0u: { return select(0.01, 1.0, x > 0.0); }
    case 1u: { return 0.5 * (1.0 + erf(x * 0.70710678)) + x * 0.39894228 * exp(-0.5 * min(x * x, 160.0)); }
    case 2u: { let s = sigmoid(x); return s * (1.0 + x * (1.0 - s)); }
    case 3u: { let s = sigmoid(x); return s * (1.0 - s); }
    default: { let t = tanh(clamp(x, -16.0, 16.0)); return 1.0 - t * t; }
  }
}
