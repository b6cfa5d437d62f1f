"""np.linalg.svd의 셋째 값을 V로 알고 다시 전치함"""
def procrustes(X, Y):
    U, S, V = np.linalg.svd(X.T @ Y)
    return U @ V.T
