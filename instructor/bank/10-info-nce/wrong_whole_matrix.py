"""행마다가 아니라 행렬 전체의 소프트맥스"""
def info_nce(S):
    from scipy.special import logsumexp
    return float(logsumexp(S) - np.diag(S).mean())
