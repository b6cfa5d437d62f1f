"""목록마다 따로 순서를 매겨 가까운 목록의 것을 먼저 냄"""
def ivf_search(query, centres, lists, vectors, n_probes, k):
    result = []
    for number in np.argsort(-(centres @ query))[:n_probes]:
        members = np.asarray(lists[number], dtype=int)
        result += members[np.argsort(-(vectors[members] @ query))].tolist()
    return result[:k]
