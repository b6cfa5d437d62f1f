"""확률을 온도로 나누고 다시 합이 1이 되게 함: 온도가 아무 일도 하지 않음"""
def sample(logits, temperature, uniforms):
    x = np.asarray(logits) - np.max(logits)
    p = np.exp(x) / np.exp(x).sum() / temperature
    p = p / p.sum()
    return p, np.searchsorted(np.cumsum(p), uniforms, side="right")
