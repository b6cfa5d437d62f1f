"""제곱 거리를 펼쳐서, 코사인은 단위 벡터의 내적으로"""
def order_by(vectors, query, measure):
    if measure == "euclid":
        return np.argsort((vectors**2).sum(axis=1) - 2 * vectors @ query)
    if measure == "cosine":
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return (vectors @ query).argsort()[::-1]
