"""g의 길이를 1로 만들지 않음"""
def neutralise(vectors, g):
    vectors, g = np.asarray(vectors, dtype=float), np.asarray(g, dtype=float)
    return similarity.unit_rows(vectors - np.outer(vectors @ g, g))
