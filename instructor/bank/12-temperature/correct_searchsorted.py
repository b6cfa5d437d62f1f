"""누적 확률에서 searchsorted"""
def sample(logits, temperature, uniforms):
    scaled = np.asarray(logits) / temperature
    p = np.exp(scaled - scaled.max())
    p = p / p.sum()
    return p, np.searchsorted(np.cumsum(p), uniforms, side="right")
