"""scale을 곱하지 않음"""
def info_nce(similarity, scale):
    shifted = similarity - similarity.max(axis=1, keepdims=True)
    return float(-(np.diag(shifted) - np.log(np.exp(shifted).sum(axis=1))).mean())
