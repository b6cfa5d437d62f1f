"""평균이 아니라 합"""
def info_nce(similarity, scale):
    logits = scale * similarity
    logits = logits - logits.max(axis=1, keepdims=True)
    return float(-(np.diag(logits) - np.log(np.exp(logits).sum(axis=1))).sum())
