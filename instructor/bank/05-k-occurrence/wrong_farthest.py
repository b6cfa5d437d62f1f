"""가장 먼 이웃을 셈 (argsort는 작은 것부터)"""
def k_occurrence(vectors, k):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, np.inf)
    return np.bincount(np.argsort(cosines, axis=1)[:, :k].ravel(), minlength=len(vectors))
