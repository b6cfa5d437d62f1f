"""길이가 0인 행을 0으로 나눔: NaN이 맨 뒤로 감"""
def order_by(vectors, query, measure):
    if measure == "euclid":
        return np.argsort(np.linalg.norm(vectors - query, axis=1))
    closeness = vectors @ query
    if measure == "cosine":
        with np.errstate(all="ignore"):
            closeness = closeness / np.linalg.norm(vectors, axis=1)
    return np.argsort(-closeness)
