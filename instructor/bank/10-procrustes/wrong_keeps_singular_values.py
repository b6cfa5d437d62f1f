"""특이값까지 곱해 XᵀY를 그대로 돌려줌"""
def procrustes(X, Y):
    U, S, Vt = np.linalg.svd(X.T @ Y)
    return U @ np.diag(S) @ Vt
