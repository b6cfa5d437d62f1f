"""막힌 자리의 점수를 -inf가 아니라 0으로 둠(e의 0제곱은 1)"""
def attention(Q, K, V, heads, allowed):
    T, d = Q.shape
    q, k, v = (M.reshape(T, heads, d // heads).swapaxes(0, 1) for M in (Q, K, V))
    points = q @ k.swapaxes(1, 2) / np.sqrt(d / heads) * allowed
    e = np.exp(points - points.max(axis=2, keepdims=True))
    weights = e / e.sum(axis=2, keepdims=True)
    return (weights @ v).swapaxes(0, 1).reshape(T, d), weights
