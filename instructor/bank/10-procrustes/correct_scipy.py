"""scipy의 함수로"""
def procrustes(X, Y):
    from scipy.linalg import orthogonal_procrustes
    return orthogonal_procrustes(X, Y)[0]
