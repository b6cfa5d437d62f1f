"""머리가 이어진 열이 아니라 하나 걸러 하나씩의 열을 씀"""
def attention(Q, K, V, heads, allowed):
    size = Q.shape[1] // heads
    output, maps = np.zeros_like(Q, dtype=float), []
    for h in range(heads):
        q, k, v = Q[:, h::heads], K[:, h::heads], V[:, h::heads]
        points = np.where(allowed, q @ k.T / np.sqrt(size), -np.inf)
        e = np.exp(points - points.max(axis=1, keepdims=True))
        maps.append(e / e.sum(axis=1, keepdims=True))
        output[:, h::heads] = maps[-1] @ v
    return output, np.stack(maps)
