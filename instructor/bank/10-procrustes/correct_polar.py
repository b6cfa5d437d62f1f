"""극분해: M (MᵀM)^(−1/2)"""
def procrustes(X, Y):
    M = X.T @ Y
    values, vectors = np.linalg.eigh(M.T @ M)
    return M @ vectors @ np.diag(values ** -0.5) @ vectors.T
