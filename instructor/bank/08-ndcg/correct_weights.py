"""k등 밖의 무게를 0으로 둠"""
def ndcg(grades, k):
    g = np.array(grades, dtype=float)
    weight = np.where(np.arange(len(g)) < k, 1 / np.log2(np.arange(len(g)) + 2), 0)
    ideal = -np.sort(-g) @ weight
    return 0.0 if ideal == 0 else float(g @ weight / ideal)
