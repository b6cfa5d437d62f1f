"""성분의 크기를 곱하지 않고 g 자체를 뺌"""
def neutralise(vectors, g):
    g = np.asarray(g) / np.linalg.norm(g)
    return similarity.unit_rows(np.asarray(vectors, dtype=float) - g)
