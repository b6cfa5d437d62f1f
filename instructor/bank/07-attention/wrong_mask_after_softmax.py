"""소프트맥스를 한 다음에 막힌 자리를 0으로 지움(행의 합이 1이 아님)"""
def attention(Q, K, V, heads, allowed):
    T, d = Q.shape
    q, k, v = (M.reshape(T, heads, d // heads).swapaxes(0, 1) for M in (Q, K, V))
    points = q @ k.swapaxes(1, 2) / np.sqrt(d / heads)
    e = np.exp(points - points.max(axis=2, keepdims=True))
    weights = e / e.sum(axis=2, keepdims=True) * allowed
    return (weights @ v).swapaxes(0, 1).reshape(T, d), weights
