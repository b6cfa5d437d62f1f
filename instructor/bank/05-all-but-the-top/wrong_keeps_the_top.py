"""센 방향만 남김(거꾸로)"""
def all_but_the_top(vectors, n_directions):
    centred = vectors - vectors.mean(axis=0)
    V = np.linalg.svd(centred, full_matrices=False)[2][:n_directions]
    return centred @ V.T @ V
