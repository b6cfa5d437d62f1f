"""두 방향을 평균하지 않고 더함"""
def info_nce(S):
    from scipy.special import logsumexp
    d = np.diag(S)
    return float((logsumexp(S, axis=1) - d).mean() + (logsumexp(S, axis=0) - d).mean())
