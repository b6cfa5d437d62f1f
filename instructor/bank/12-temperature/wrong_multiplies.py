"""온도로 나누지 않고 곱함"""
def sample(logits, temperature, uniforms):
    x = np.asarray(logits) * temperature
    p = np.exp(x - x.max())
    p = p / p.sum()
    return p, np.searchsorted(np.cumsum(p), uniforms, side="right")
