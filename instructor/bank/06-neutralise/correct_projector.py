"""사영 행렬 I − ggᵀ을 곱함"""
def neutralise(vectors, g):
    g = np.asarray(g, dtype=float)
    P = np.eye(len(g)) - np.outer(g, g) / (g @ g)
    left = np.asarray(vectors) @ P
    return left / np.linalg.norm(left, axis=1, keepdims=True)
