"""등급을 맞음과 틀림으로만 봄"""
def ndcg(grades, k):
    g = (np.asarray(grades) > 0).astype(float)
    discount = np.log2(np.arange(2, min(k, len(g)) + 2))
    ideal = (np.sort(g)[::-1][:k] / discount).sum()
    return float((g[:k] / discount).sum() / ideal) if ideal > 0 else 0.0
