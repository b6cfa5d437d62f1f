"""머리 하나의 너비가 아니라 전체 너비의 제곱근으로 나눔"""
def attention(Q, K, V, heads, allowed):
    T, d = Q.shape
    q, k, v = (M.reshape(T, heads, d // heads).swapaxes(0, 1) for M in (Q, K, V))
    points = np.where(allowed, q @ k.swapaxes(1, 2) / np.sqrt(d), -np.inf)
    e = np.exp(points - points.max(axis=2, keepdims=True))
    weights = e / e.sum(axis=2, keepdims=True)
    return (weights @ v).swapaxes(0, 1).reshape(T, d), weights
