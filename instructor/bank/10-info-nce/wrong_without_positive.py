"""분모에서 짝을 빼고 가짜만 더함"""
def info_nce(S):
    from scipy.special import logsumexp
    others = np.where(np.eye(len(S), dtype=bool), -1e9, S)
    d = np.diag(S)
    return float(((logsumexp(others, axis=1) - d).mean() + (logsumexp(others, axis=0) - d).mean()) / 2)
