"""그림에서 설명으로 가는 한 방향만 셈"""
def info_nce(S):
    from scipy.special import logsumexp
    return float((logsumexp(S, axis=1) - np.diag(S)).mean())
