"""소프트맥스를 행이 아니라 열 방향(질의 쪽)으로 함"""
def attention(Q, K, V, heads, allowed):
    T, d = Q.shape
    q, k, v = (M.reshape(T, heads, d // heads).swapaxes(0, 1) for M in (Q, K, V))
    points = np.where(allowed, q @ k.swapaxes(1, 2) / np.sqrt(d / heads), -np.inf)
    e = np.exp(points - points.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return (weights @ v).swapaxes(0, 1).reshape(T, d), weights
