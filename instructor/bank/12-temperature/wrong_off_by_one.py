"""누적 확률에서 번호를 하나 작게 읽음"""
def sample(logits, temperature, uniforms):
    x = np.asarray(logits) / temperature
    p = np.exp(x - x.max())
    p = p / p.sum()
    return p, np.maximum(np.searchsorted(np.cumsum(p), uniforms, side="right") - 1, 0)
