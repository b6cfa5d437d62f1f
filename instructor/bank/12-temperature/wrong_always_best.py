"""뽑지 않고 언제나 가장 확률이 큰 토큰을 고름"""
def sample(logits, temperature, uniforms):
    x = np.asarray(logits) / temperature
    p = np.exp(x - x.max())
    p = p / p.sum()
    return p, np.full(len(uniforms), p.argmax())
