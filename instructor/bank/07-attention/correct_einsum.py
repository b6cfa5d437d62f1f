"""einsum으로, 막힌 자리에는 아주 작은 수를 더해서"""
def attention(Q, K, V, heads, allowed):
    T, d = Q.shape
    size = d // heads
    shape = (T, heads, size)
    scores = np.einsum("ihd,jhd->hij", Q.reshape(shape), K.reshape(shape)) / size ** 0.5
    scores = scores + np.where(allowed, 0.0, -1e9)
    scores -= scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return np.einsum("hij,jhd->ihd", weights, V.reshape(shape)).reshape(T, d), weights
