"""순위 i의 할인을 log2(i)로 함(1등은 깎지 않음): 둘째도 깎이지 않음"""
def ndcg(grades, k):
    g = np.asarray(grades, dtype=float)
    discount = np.maximum(np.log2(np.arange(1, min(k, len(g)) + 1)), 1)
    ideal = (np.sort(g)[::-1][:k] / discount).sum()
    return float((g[:k] / discount).sum() / ideal) if ideal > 0 else 0.0
