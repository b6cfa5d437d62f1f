"""거리도 큰 것부터 늘어놓음"""
def order_by(vectors, query, measure):
    if measure == "euclid":
        return np.argsort(-np.linalg.norm(vectors - query, axis=1))
    closeness = vectors @ query
    if measure == "cosine":
        size = np.linalg.norm(vectors, axis=1)
        closeness = closeness / np.where(size == 0, 1, size)
    return np.argsort(-closeness)
