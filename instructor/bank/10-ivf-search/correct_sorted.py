"""파이썬의 sorted로"""
def ivf_search(query, centres, lists, vectors, n_probes, k):
    opened = sorted(range(len(centres)), key=lambda i: -float(centres[i] @ query))[:n_probes]
    candidates = [int(j) for i in opened for j in lists[i]]
    return sorted(candidates, key=lambda j: -float(vectors[j] @ query))[:k]
