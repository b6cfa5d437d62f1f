"""g 방향의 성분을 빼는 대신 그것만 남김"""
def neutralise(vectors, g):
    g = np.asarray(g) / np.linalg.norm(g)
    vectors = np.asarray(vectors, dtype=float)
    return similarity.unit_rows(np.outer(vectors @ g, g))
