"""모은 것 안에서의 자리를 원래 번호로 착각함"""
def ivf_search(query, centres, lists, vectors, n_probes, k):
    opened = np.argsort(-(centres @ query))[:n_probes]
    candidates = np.concatenate([np.asarray(lists[i], dtype=int) for i in opened])
    return np.argsort(-(vectors[candidates] @ query))[:k].tolist()
