"""분산이 큰 방향으로 사영: A V_k V_kᵀ"""
def low_rank(A, k):
    V = np.linalg.svd(A, full_matrices=False)[2][:k].T
    return A @ V @ V.T
