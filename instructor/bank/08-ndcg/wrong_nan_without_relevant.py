"""맞는 문서가 없을 때 0으로 나눔"""
def ndcg(grades, k):
    g = np.asarray(grades, dtype=float)
    discount = np.log2(np.arange(2, min(k, len(g)) + 2))
    return float((g[:k] / discount).sum() / (np.sort(g)[::-1][:k] / discount).sum())
