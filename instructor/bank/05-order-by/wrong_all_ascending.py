"""argsort가 작은 것부터라는 것을 잊음: 유사도에서 가장 먼 것이 앞에 옴"""
def order_by(vectors, query, measure):
    if measure == "euclid":
        return np.argsort(np.linalg.norm(vectors - query, axis=1))
    closeness = vectors @ query
    if measure == "cosine":
        size = np.linalg.norm(vectors, axis=1)
        closeness = closeness / np.where(size == 0, 1, size)
    return np.argsort(closeness)
