"""argsort와 bincount로 한꺼번에"""
def k_occurrence(vectors, k):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -np.inf)
    return np.bincount(np.argsort(-cosines, axis=1)[:, :k].ravel(), minlength=len(vectors))
