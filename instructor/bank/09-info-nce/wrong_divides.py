"""scale을 온도로 알고 나눔"""
def info_nce(similarity, scale):
    logits = similarity / scale
    logits = logits - logits.max(axis=1, keepdims=True)
    return float(-(np.diag(logits) - np.log(np.exp(logits).sum(axis=1))).mean())
