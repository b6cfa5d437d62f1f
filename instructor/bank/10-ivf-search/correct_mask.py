"""들추지 않은 벡터의 점수를 −∞로"""
def ivf_search(query, centres, lists, vectors, n_probes, k):
    scores = np.full(len(vectors), -np.inf)
    for number in np.argsort(centres @ query)[::-1][:n_probes]:
        for j in lists[number]:
            scores[j] = vectors[j] @ query
    order = np.argsort(-scores)[:k]
    return [int(j) for j in order if np.isfinite(scores[j])]
