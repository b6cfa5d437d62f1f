"""자기 자신을 이웃으로 셈"""
def k_occurrence(vectors, k):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.bincount(np.argsort(-(unit @ unit.T), axis=1)[:, :k].ravel(), minlength=len(vectors))
