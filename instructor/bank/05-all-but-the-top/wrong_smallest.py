"""가장 약한 방향을 지움"""
def all_but_the_top(vectors, n_directions):
    centred = vectors - vectors.mean(axis=0)
    V = np.linalg.svd(centred, full_matrices=False)[2][len(centred[0]) - n_directions:]
    return centred - centred @ V.T @ V
