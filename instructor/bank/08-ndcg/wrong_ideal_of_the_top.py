"""이상적인 순서를 앞의 k개 안에서만 구함: 놓친 문서를 벌하지 않음"""
def ndcg(grades, k):
    g = np.asarray(grades[:k], dtype=float)
    discount = np.log2(np.arange(2, len(g) + 2))
    ideal = (np.sort(g)[::-1] / discount).sum()
    return float((g / discount).sum() / ideal) if ideal > 0 else 0.0
