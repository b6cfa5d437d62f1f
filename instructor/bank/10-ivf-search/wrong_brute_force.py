"""목록을 들추지 않고 모두 비교함"""
def ivf_search(query, centres, lists, vectors, n_probes, k):
    return np.argsort(-(vectors @ query))[:k].tolist()
