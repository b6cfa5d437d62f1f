"""Y를 X로 옮기는 반대 방향의 회전"""
def procrustes(X, Y):
    U, S, Vt = np.linalg.svd(X.T @ Y)
    return (U @ Vt).T
