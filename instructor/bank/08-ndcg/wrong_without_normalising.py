"""이상적인 순서로 나누지 않음(DCG)"""
def ndcg(grades, k):
    g = np.asarray(grades[:k], dtype=float)
    return float((g / np.log2(np.arange(2, len(g) + 2))).sum())
