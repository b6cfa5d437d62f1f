"""내적이 가장 작은(먼) 목록을 들춤"""
def ivf_search(query, centres, lists, vectors, n_probes, k):
    opened = np.argsort(centres @ query)[:n_probes]
    candidates = np.concatenate([np.asarray(lists[i], dtype=int) for i in opened])
    return candidates[np.argsort(-(vectors[candidates] @ query))[:k]].tolist()
