"""다른 정의: 등급 대신 2의 등급 제곱에서 1을 뺀 값을 씀"""
def ndcg(grades, k):
    g = 2.0 ** np.asarray(grades) - 1
    discount = np.log2(np.arange(2, min(k, len(g)) + 2))
    ideal = (np.sort(g)[::-1][:k] / discount).sum()
    return float((g[:k] / discount).sum() / ideal) if ideal > 0 else 0.0
