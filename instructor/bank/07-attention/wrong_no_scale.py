"""내적을 나누지 않음"""
def attention(Q, K, V, heads, allowed):
    T, d = Q.shape
    q, k, v = (M.reshape(T, heads, d // heads).swapaxes(0, 1) for M in (Q, K, V))
    points = np.where(allowed, q @ k.swapaxes(1, 2), -np.inf)
    e = np.exp(points - points.max(axis=2, keepdims=True))
    weights = e / e.sum(axis=2, keepdims=True)
    return (weights @ v).swapaxes(0, 1).reshape(T, d), weights
