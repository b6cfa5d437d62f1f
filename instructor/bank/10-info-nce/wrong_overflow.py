"""큰 점수에서 넘침(가장 큰 값을 빼지 않음)"""
def info_nce(S):
    e = np.exp(S)
    d = np.diag(e)
    return float(-(np.log(d / e.sum(axis=1)).mean() + np.log(d / e.sum(axis=0)).mean()) / 2)
