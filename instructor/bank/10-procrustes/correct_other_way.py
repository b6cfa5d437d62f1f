"""YᵀX를 분해해서 전치함"""
def procrustes(X, Y):
    U, S, Vt = np.linalg.svd(Y.T @ X)
    return (U @ Vt).T
