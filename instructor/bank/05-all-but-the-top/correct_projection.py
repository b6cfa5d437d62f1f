"""사영 행렬로 한꺼번에"""
def all_but_the_top(vectors, n_directions):
    centred = vectors - vectors.mean(axis=0)
    V = np.linalg.svd(centred, full_matrices=False)[2][:n_directions]
    return centred - centred @ V.T @ V
