"""g를 길이 1로 만든 다음 뺌"""
def neutralise(vectors, g):
    g = np.asarray(g) / np.linalg.norm(g)
    vectors = np.asarray(vectors)
    return similarity.unit_rows(vectors - np.outer(vectors @ g, g))
