"""가장 큰 값을 빼지 않아 exp가 넘침"""
def sample(logits, temperature, uniforms):
    with np.errstate(all="ignore"):
        p = np.exp(np.asarray(logits) / temperature)
        p = p / p.sum()
    return p, np.minimum(np.searchsorted(np.cumsum(p), uniforms, side="right"), len(p) - 1)
