"""남길 방향의 합으로: U S Vᵀ에서 앞의 것을 0으로"""
def all_but_the_top(vectors, n_directions):
    U, S, Vt = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    S[:n_directions] = 0
    return U * S @ Vt
