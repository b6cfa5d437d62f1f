"""직교 조건 없이 최소제곱으로 풂"""
def procrustes(X, Y):
    return np.linalg.lstsq(X, Y, rcond=None)[0]
