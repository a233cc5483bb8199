// The activations by KIND: 0 leaky ReLU, 1 GELU, 2 SiLU, 3 sigmoid, 4 tanh, 5 ReLU6, 6 hard swish, 7 hard sigmoid; and their slopes. Arguments of exp and tanh are kept where
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
    case 4u: { return tanh(clamp(x, -16.0, 16.0)); }
    case 5u: { return clamp(x, 0.0, 6.0); }
    case 6u: { return x * clamp(x + 3.0, 0.0, 6.0) / 6.0; }
    default: { return clamp(x + 3.0, 0.0, 6.0) / 6.0; }
  }
}

fn activation_slope(x: f32) -> f32 {
  switch KIND {
    case 0u: { return select(0.01, 1.0, x > 0.0); }
    case 1u: { return 0.5 * (1.0 + erf(x * 0.70710678)) + x * 0.39894228 * exp(-0.5 * min(x * x, 160.0)); }
    case 2u: { let s = sigmoid(x); return s * (1.0 + x * (1.0 - s)); }
    case 3u: { let s = sigmoid(x); return s * (1.0 - s); }
    case 4u: { let t = tanh(clamp(x, -16.0, 16.0)); return 1.0 - t * t; }
    case 5u: { return select(0.0, 1.0, x > 0.0 && x < 6.0); }
    case 6u: { return select(select(x / 3.0 + 0.5, 1.0, x >= 3.0), 0.0, x <= -3.0); }
    default: { return select(0.0, 1.0 / 6.0, x > -3.0 && x < 3.0); }
  }
}
