"""분산을 d가 아니라 d − 1로 나눔"""
def layer_norm(x, gain, bias, eps):
    return (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True, ddof=1) + eps) * gain + bias
