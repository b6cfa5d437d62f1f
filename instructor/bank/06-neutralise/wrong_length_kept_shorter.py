"""성분을 뺀 뒤 길이를 1로 만들지 않음"""
def neutralise(vectors, g):
    g = np.asarray(g) / np.linalg.norm(g)
    vectors = similarity.unit_rows(np.asarray(vectors, dtype=float))
    return vectors - np.outer(vectors @ g, g)
