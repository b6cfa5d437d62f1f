"""길이로 나누지 않음: 긴 벡터가 허브가 됨"""
def k_occurrence(vectors, k):
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    return np.bincount(np.argsort(-scores, axis=1)[:, :k].ravel(), minlength=len(vectors))
